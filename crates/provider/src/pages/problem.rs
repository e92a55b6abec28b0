//! Pages that say what went wrong.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::html;

use super::layout::Page;

/// Something that went wrong, in words for the person at the browser.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
    description: Vec<&'static str>,
    /// Where to try again.
    again: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, description: &'static str) -> Self {
        Self {
            status,
            title,
            description: vec![description],
            again: None,
        }
    }

    pub(crate) fn bad_request(title: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, title, description)
    }

    pub(crate) fn forbidden(title: &'static str, description: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, title, description)
    }

    pub(crate) fn too_large(description: &'static str) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "That was too much",
            description,
        )
    }

    pub(crate) fn not_found() -> Self {
        let description = "Meridian ID has no page at this address.";
        Self::new(StatusCode::NOT_FOUND, "There is nothing here", description)
    }

    pub(crate) fn method_not_allowed() -> Self {
        let description = "This address does not take that kind of request.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Not that way", description)
    }

    /// A form that this browser was not given, or not for this person.
    pub(crate) fn stale_form(again: &str) -> Self {
        let description = "It was opened in another browser, before someone else signed in, or by \
                     another site. Nothing was done.";
        Self {
            again: Some(again.to_owned()),
            ..Self::forbidden("This form is no longer good", description)
        }
    }

    /// Adds a paragraph.
    pub(crate) fn and(mut self, description: &'static str) -> Self {
        self.description.push(description);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let content = html! {
            h1 { (self.title) }
            @for description in &self.description { p { (description) } }
            @if let Some(again) = &self.again {
                p { a.button href=(again) { "Start again" } }
            }
        };
        Page::new(self.title, content)
            .with_status(self.status)
            .into_response()
    }
}
