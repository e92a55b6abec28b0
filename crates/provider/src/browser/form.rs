//! Forms of the provider's own pages.

use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};

use crate::{
    oauth::parameters::{Parameters, read_form},
    pages::error_page::ErrorPage,
};

/// The form that one of the provider's own pages sent.
pub(crate) struct PageForm(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for PageForm {
    type Rejection = ErrorPage;

    async fn from_request(request: Request, state: &S) -> Result<Self, ErrorPage> {
        let form = read_form(request, state).await;
        form.map(Self).map_err(|cause| match cause.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                ErrorPage::too_large("The form was larger than anything that belongs here.")
            }
            _ => ErrorPage::bad_request(
                "That was not one of our forms",
                "The request did not look like a form of this site.",
            ),
        })
    }
}
