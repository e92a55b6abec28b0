//! The forms of the login and consent pages.

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{
    pages::REQUEST_FIELD, rejection::Rejection, request::AuthorizationRequest,
    response::rejection_response,
};
use crate::{
    browser::{
        cookies::BrowserCookies,
        csrf::{FormPurpose, has_valid_csrf_token},
    },
    oauth::parameters::Parameters,
    pages::error_page::ErrorPage,
    provider::Provider,
};

/// A form with a valid CSRF token.
pub(super) struct SubmittedForm<'a> {
    /// The authorization request that the form continues.
    pub(super) request: AuthorizationRequest<'a>,
    pub(super) cookies: BrowserCookies,
    query: &'a str,
}

/// A form that the provider cannot accept.
pub(super) enum FormRejection<'a> {
    /// The authorization request in the form is rejected.
    Request(Rejection),
    /// The CSRF token is invalid, or the user is no longer signed in.
    Stale { query: &'a str },
}

impl<'a> SubmittedForm<'a> {
    pub(super) fn check(
        provider: &'a Provider,
        headers: &HeaderMap,
        form: &'a Parameters,
        purpose: FormPurpose,
    ) -> Result<Self, FormRejection<'a>> {
        let query = form.get(REQUEST_FIELD).unwrap_or_default();
        let request =
            AuthorizationRequest::parse(query, provider).map_err(FormRejection::Request)?;
        let cookies = BrowserCookies::read(headers, provider.randomness());
        let key = provider.derivation_key();
        if !has_valid_csrf_token(key, &cookies, purpose, query, form) {
            return Err(FormRejection::Stale { query });
        }
        Ok(Self {
            request,
            cookies,
            query,
        })
    }

    /// Rejects the form as no longer valid.
    pub(super) fn stale(&self) -> FormRejection<'a> {
        FormRejection::Stale { query: self.query }
    }
}

impl FormRejection<'_> {
    /// Returns the response. The page for a stale form offers to start the
    /// authorization request again.
    pub(super) fn into_response(self, provider: &Provider) -> Response {
        match self {
            Self::Request(rejection) => rejection_response(provider, &rejection),
            Self::Stale { query } => {
                ErrorPage::stale_form(&format!("/authorize?{query}")).into_response()
            }
        }
    }
}
