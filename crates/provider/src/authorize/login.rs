//! `POST /login`: the form of the login page.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    request::{AuthorizationError, AuthorizationRequest},
    response::{redirect_with_error, rejection_response},
};
use crate::{
    browser::{Browser, Purpose, form::PageForm},
    config::{Config, User},
    digest::Digest,
    end_session::revoke_session_tokens,
    pages::{error_page::ErrorPage, login::login_page},
    provider::Provider,
};

pub(crate) async fn login(
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
    // A form from elsewhere could sign the person in as somebody else.
    if !browser.sent(&provider, Purpose::Login, query, &form) {
        return ErrorPage::stale_form(&format!("/authorize?{query}")).into_response();
    }
    if form.get("decision") == Some("cancel") {
        let error = AuthorizationError::AccessDenied;
        return redirect_with_error(
            &provider,
            &request.reject(error, "The person did not sign in."),
        );
    }
    let username = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let Some(user) = check_password(provider.config(), username, password) else {
        let page = login_page(
            &provider,
            &browser,
            &request,
            Some(username),
            Some("That username and password don't go together. Try again."),
        );
        return browser.keep(page.with_status(StatusCode::UNPROCESSABLE_ENTITY));
    };
    let session = provider.change(|state, now| {
        let old = browser.session_cookie();
        let old = old.and_then(|old| state.records.end_session(old));
        // Whoever signs in over somebody else has signed that one out.
        if let Some(old) = old.as_ref().filter(|old| old.subject != user.subject) {
            revoke_session_tokens(&provider, state, old, now);
        }
        let lifetime = provider.config().session_lifetime;
        let randomness = provider.randomness();
        let subject = &user.subject;
        let records = &mut state.records;
        records.start_session(subject, old.as_ref(), lifetime, now, randomness)
    });
    let next = Redirect::to(&format!("/authorize?{}", request.after_sign_in()));
    browser.signed_in(&provider, &session, next.into_response())
}

/// The person with this name and password. Takes the same time for a wrong
/// password as for an unknown name.
fn check_password<'a>(config: &'a Config, username: &str, password: &str) -> Option<&'a User> {
    let username = username.trim();
    let user = config
        .users
        .iter()
        .find(|user| user.username.eq_ignore_ascii_case(username));
    let expected = user.map_or("", |user| user.password.as_str());
    let matches = Digest::of(expected).matches(&Digest::of(password));
    user.filter(|_| matches)
}
