//! `GET /authorize`.

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{
    next_step::{NextStep, UserState, next_step},
    request::AuthorizationRequest,
    response::{issue_code, redirect_with_code, redirect_with_error, rejection_response},
};
use crate::{
    browser::{Browser, framed},
    config::Framing,
    pages::{consent::consent_page, error_page::ErrorPage, login::login_page},
    provider::Provider,
};

pub(crate) async fn authorize(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if provider.framing() == Framing::Refused && framed(&headers) {
        return ErrorPage::forbidden(
            "Not inside another page",
            "Another page tried to start a sign-in in a frame. That is switched off here.",
        )
        .into_response();
    }
    let query = query.unwrap_or_default();
    let request = match AuthorizationRequest::read(&query, &provider) {
        Ok(request) => request,
        Err(rejection) => return rejection_response(&provider, &rejection),
    };
    let browser = Browser::from_headers(&provider, &headers);
    let hinted_user = request.login_hint.as_deref();
    let hinted_user = hinted_user.and_then(|hint| provider.config().user_by_hint(hint));
    let (step, session) = provider.read(|state, now| {
        let session = browser.session(&provider, state, now);
        let consent = session
            .as_ref()
            .and_then(|session| state.records.consent(&session.subject, &request.client.id));
        let user = UserState {
            session: session.as_ref(),
            hinted_user: hinted_user.map(|user| user.subject.as_str()),
            consent,
        };
        (next_step(&request, &user, now), session)
    });
    let user = session
        .as_ref()
        .and_then(|session| provider.config().user(&session.subject));
    match (step, session.as_ref().zip(user)) {
        (NextStep::Reject(error, description), _) => {
            redirect_with_error(&provider, &request.reject(error, description))
        }
        (NextStep::ShowConsent, Some((_, user))) => {
            browser.keep(consent_page(&provider, &browser, &request, user))
        }
        (NextStep::IssueCode, Some((session, _))) => {
            let code = provider
                .change(|state, now| issue_code(&provider, state, &request, session, false, now));
            redirect_with_code(&provider, &request, &code)
        }
        (NextStep::ShowLogin | NextStep::ShowConsent | NextStep::IssueCode, _) => {
            let username = hinted_user.map(|user| user.username.as_str());
            browser.keep(login_page(&provider, &browser, &request, username, None))
        }
    }
}
