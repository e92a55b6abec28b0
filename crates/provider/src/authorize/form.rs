//! The forms of the login and consent pages.

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{pages::REQUEST_FIELD, request::AuthorizationRequest, response::rejection_response};
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

impl<'a> SubmittedForm<'a> {
    /// Checks a form. The error is the response that the browser gets.
    pub(super) fn check(
        provider: &'a Provider,
        headers: &HeaderMap,
        form: &'a Parameters,
        purpose: FormPurpose,
    ) -> Result<Self, Response> {
        let query = form.get(REQUEST_FIELD).unwrap_or_default();
        let request = AuthorizationRequest::parse(query, provider)
            .map_err(|rejection| rejection_response(provider, &rejection))?;
        let cookies = BrowserCookies::read(headers, provider.randomness());
        let submitted = Self {
            request,
            cookies,
            query,
        };
        let key = provider.derivation_key();
        if has_valid_csrf_token(key, &submitted.cookies, purpose, query, form) {
            Ok(submitted)
        } else {
            Err(submitted.stale())
        }
    }

    /// Returns the error page for a form that is no longer valid. It offers to
    /// start the authorization request again.
    pub(super) fn stale(&self) -> Response {
        ErrorPage::stale_form(&format!("/authorize?{}", self.query)).into_response()
    }
}
