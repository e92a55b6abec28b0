//! `POST /consent`: the form of the consent page.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{
    code::issue_code,
    form::SubmittedForm,
    rejection::AuthorizationError,
    response::{redirect_with_code, redirect_with_error},
};
use crate::{
    browser::{csrf::FormPurpose, form::PageForm},
    provider::Provider,
};

/// Handles the user's decision about the client's request.
pub(crate) async fn consent(
    State(provider): State<Provider>,
    headers: HeaderMap,
    PageForm(form): PageForm,
) -> Response {
    let purpose = FormPurpose::Consent;
    let submitted = match SubmittedForm::check(&provider, &headers, &form, purpose) {
        Ok(submitted) => submitted,
        Err(rejection) => return rejection.into_response(&provider),
    };
    let request = &submitted.request;
    match form.get("decision") {
        Some("allow") => {}
        Some("deny") => {
            let error = AuthorizationError::AccessDenied;
            let rejection = request.reject(error, "The user denied the request.");
            return redirect_with_error(&provider, &rejection);
        }
        _ => return submitted.stale().into_response(&provider),
    }
    let code = provider.update(|state, now| {
        let session = submitted.cookies.session(&provider, state, now)?;
        let consents = &mut state.records.consents;
        consents.add(&session.subject, &request.client.id, &request.scope);
        Some(issue_code(&provider, state, request, &session, true, now))
    });
    match code {
        Some(code) => redirect_with_code(&provider, request, &code),
        None => submitted.stale().into_response(&provider),
    }
}
