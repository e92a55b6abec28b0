//! `GET /authorize`.

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{
    answer::{issue_code, rejected, with_code, with_error},
    request::AuthorizationRequest,
    step::{Known, Step, next_step},
};
use crate::{
    browser::{Browser, framed},
    config::Framing,
    pages::{consent::consent_page, login::login_page, problem::Problem},
    provider::Provider,
};

pub(crate) async fn authorize(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if provider.framing() == Framing::Refused && framed(&headers) {
        return Problem::forbidden(
            "Not inside another page",
            "Another page tried to start a sign-in in a frame. That is switched off here.",
        )
        .into_response();
    }
    let query = query.unwrap_or_default();
    let request = match AuthorizationRequest::read(&query, &provider) {
        Ok(request) => request,
        Err(rejection) => return rejected(&provider, &rejection),
    };
    let browser = Browser::from_headers(&provider, &headers);
    let hinted = request.login_hint.as_deref();
    let hinted = hinted.and_then(|hint| provider.config().person_by_hint(hint));
    let (step, session) = provider.read(|state, now| {
        let session = browser.session(&provider, state, now);
        let consent = session
            .as_ref()
            .and_then(|session| state.records.consent(&session.subject, &request.client.id));
        let known = Known {
            session: session.as_ref(),
            hinted: hinted.map(|person| person.subject.as_str()),
            consent,
        };
        (next_step(&request, &known, now), session)
    });
    let person = session
        .as_ref()
        .and_then(|session| provider.config().person(&session.subject));
    match (step, session.as_ref().zip(person)) {
        (Step::Refuse(error, words), _) => with_error(&provider, &request.reject(error, words)),
        (Step::AskConsent, Some((_, person))) => {
            browser.keep(consent_page(&provider, &browser, &request, person))
        }
        (Step::GiveCode, Some((session, _))) => {
            let code = provider
                .change(|state, now| issue_code(&provider, state, &request, session, false, now));
            with_code(&provider, &request, &code)
        }
        (Step::SignIn | Step::AskConsent | Step::GiveCode, _) => {
            let username = hinted.map(|person| person.username.as_str());
            browser.keep(login_page(&provider, &browser, &request, username, None))
        }
    }
}
