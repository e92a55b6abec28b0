//! The forms of the provider's pages.

use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};

use crate::{
    oauth::{form::read_form, parameters::Parameters},
    pages::error_page::ErrorPage,
};

/// The form of one of the provider's pages.
pub(crate) struct PageForm(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for PageForm {
    type Rejection = ErrorPage;

    async fn from_request(request: Request, state: &S) -> Result<Self, ErrorPage> {
        let form = read_form(request, state).await;
        form.map(Self).map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                ErrorPage::too_large("The form was larger than any form of this site.")
            }
            _ => ErrorPage::bad_request(
                "That was not one of our forms",
                "The request did not look like a form of this site.",
            ),
        })
    }
}
