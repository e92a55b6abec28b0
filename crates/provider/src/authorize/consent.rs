//! `POST /consent`: the form of the consent page.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{
    request::{AuthorizationError, AuthorizationRequest},
    response::{issue_code, redirect_with_code, redirect_with_error, rejection_response},
};
use crate::{
    browser::{Browser, Purpose, form::PageForm},
    pages::error_page::ErrorPage,
    provider::Provider,
};

pub(crate) async fn consent(
    State(provider): State<Provider>,
    headers: HeaderMap,
    PageForm(form): PageForm,
) -> Response {
    let query = form.get("request").unwrap_or_default();
    let request = match AuthorizationRequest::read(query, &provider) {
        Ok(request) => request,
        Err(rejection) => return rejection_response(&provider, &rejection),
    };
    let browser = Browser::from_headers(&provider, &headers);
    let again = format!("/authorize?{query}");
    // Bound to the session as well: an answer given as one person must not
    // count for another who signed in meanwhile in another tab.
    if !browser.sent(&provider, Purpose::Consent, query, &form) {
        return ErrorPage::stale_form(&again).into_response();
    }
    match form.get("decision") {
        Some("allow") => {}
        Some("deny") => {
            let error = AuthorizationError::AccessDenied;
            return redirect_with_error(&provider, &request.reject(error, "The person said no."));
        }
        _ => return ErrorPage::stale_form(&again).into_response(),
    }
    let code = provider.change(|state, now| {
        let session = browser.session(&provider, state, now)?;
        let client = &request.client.id;
        state
            .records
            .remember_consent(&session.subject, client, &request.scope);
        Some(issue_code(&provider, state, &request, &session, true, now))
    });
    match code {
        Some(code) => redirect_with_code(&provider, &request, &code),
        None => ErrorPage::stale_form(&again).into_response(),
    }
}
