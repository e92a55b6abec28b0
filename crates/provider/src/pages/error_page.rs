//! Pages that tell the user what went wrong.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::html;

use super::layout::Page;

/// An error, in words for the user.
#[derive(Clone, Debug)]
pub(crate) struct ErrorPage {
    status: StatusCode,
    title: &'static str,
    paragraphs: Vec<&'static str>,
    retry_url: Option<String>,
}

impl ErrorPage {
    fn new(status: StatusCode, title: &'static str, paragraph: &'static str) -> Self {
        Self {
            status,
            title,
            paragraphs: vec![paragraph],
            retry_url: None,
        }
    }

    pub(crate) fn bad_request(title: &'static str, paragraph: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, title, paragraph)
    }

    pub(crate) fn forbidden(title: &'static str, paragraph: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, title, paragraph)
    }

    pub(crate) fn too_large(paragraph: &'static str) -> Self {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        Self::new(status, "That was too much", paragraph)
    }

    pub(crate) fn not_found() -> Self {
        let paragraph = "Meridian ID has no page at this address.";
        Self::new(StatusCode::NOT_FOUND, "There is nothing here", paragraph)
    }

    pub(crate) fn method_not_allowed() -> Self {
        let paragraph = "This address does not accept that kind of request.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Not that way", paragraph)
    }

    /// Returns the error for a form with an invalid CSRF token.
    pub(crate) fn stale_form(retry_url: &str) -> Self {
        let paragraph = "It was opened in another browser, before another user signed in, or by \
                         another site. Nothing was done.";
        Self {
            retry_url: Some(retry_url.to_owned()),
            ..Self::forbidden("This form is no longer valid", paragraph)
        }
    }

    pub(crate) fn with_paragraph(mut self, paragraph: &'static str) -> Self {
        self.paragraphs.push(paragraph);
        self
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        let content = html! {
            h1 { (self.title) }
            @for paragraph in &self.paragraphs { p { (paragraph) } }
            @if let Some(retry_url) = &self.retry_url {
                p { a.button href=(retry_url) { "Start again" } }
            }
        };
        Page::new(self.title, content)
            .with_status(self.status)
            .into_response()
    }
}
