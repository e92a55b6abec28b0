//! `GET /authorize`.

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{
    code::issue_code,
    next_step::{NextStep, UserState, next_step},
    pages::{render_consent_page, render_login_page},
    request::AuthorizationRequest,
    response::{redirect_with_code, redirect_with_error, rejection_response},
};
use crate::{
    browser::cookies::BrowserCookies, config::Framing, pages::error_page::ErrorPage,
    provider::Provider,
};

/// Handles an authorization request.
pub(crate) async fn authorize(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if provider.framing() == Framing::Refused && is_framed(&headers) {
        return ErrorPage::forbidden(
            "Not inside another page",
            "Another page tried to start a sign-in in a frame. That is switched off here.",
        )
        .into_response();
    }
    let query = query.unwrap_or_default();
    let request = match AuthorizationRequest::parse(&query, &provider) {
        Ok(request) => request,
        Err(rejection) => return rejection_response(&provider, &rejection),
    };
    let cookies = BrowserCookies::read(&headers, provider.randomness());
    let hint = request.login_hint.as_deref();
    let hinted_user = hint.and_then(|hint| provider.config().user_by_hint(hint));
    let (step, session) = provider.read(|state, now| {
        let session = cookies.session(&provider, state, now);
        let consents = &state.records.consents;
        let user = UserState {
            session: session.as_ref(),
            hinted_subject: hinted_user.map(|user| user.subject.as_str()),
            consent: session
                .as_ref()
                .and_then(|session| consents.get(&session.subject, &request.client.id)),
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
            cookies.with_browser_id(render_consent_page(&provider, &cookies, &request, user))
        }
        (NextStep::IssueCode, Some((session, _))) => {
            let code = provider
                .update(|state, now| issue_code(&provider, state, &request, session, false, now));
            redirect_with_code(&provider, &request, &code)
        }
        (NextStep::ShowLogin | NextStep::ShowConsent | NextStep::IssueCode, _) => {
            let username = hinted_user.map(|user| user.username.as_str());
            let page = render_login_page(&provider, &cookies, &request, username, None);
            cookies.with_browser_id(page)
        }
    }
}

/// Returns whether the browser loads the response into a frame.
fn is_framed(headers: &HeaderMap) -> bool {
    let destination = headers.get("sec-fetch-dest");
    let destination = destination.and_then(|value| value.to_str().ok());
    matches!(
        destination,
        Some("iframe" | "frame" | "fencedframe" | "embed" | "object")
    )
}
