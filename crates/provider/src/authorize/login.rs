//! `POST /login`: the form of the login page.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{Redirect, Response},
};

use super::{
    form::SubmittedForm, pages::render_login_page, rejection::AuthorizationError,
    response::redirect_with_error,
};
use crate::{
    browser::{csrf::FormPurpose, form::PageForm},
    config::{Config, User},
    digest::Digest,
    provider::Provider,
    sign_out::revoke_session_tokens,
};

/// Handles an attempt to sign in.
pub(crate) async fn login(
    State(provider): State<Provider>,
    headers: HeaderMap,
    PageForm(form): PageForm,
) -> Response {
    // Without this check, another site could sign the user in to an
    // account of the attacker (login CSRF).
    let submitted = match SubmittedForm::check(&provider, &headers, &form, FormPurpose::Login) {
        Ok(submitted) => submitted,
        Err(rejection) => return rejection.into_response(&provider),
    };
    let (request, cookies) = (&submitted.request, &submitted.cookies);
    if form.get("decision") == Some("cancel") {
        let error = AuthorizationError::AccessDenied;
        let rejection = request.reject(error, "The user did not sign in.");
        return redirect_with_error(&provider, &rejection);
    }
    let username = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let Some(user) = check_password(provider.config(), username, password) else {
        let error = "That username and password don't go together. Try again.";
        let page = render_login_page(&provider, cookies, request, Some(username), Some(error));
        return cookies.with_browser_id(page.with_status(StatusCode::UNPROCESSABLE_ENTITY));
    };
    let session = start_session(&provider, cookies.session_cookie(), user);
    let next = Redirect::to(&format!("/authorize?{}", request.after_sign_in()));
    cookies.with_session(&session, provider.framing(), next)
}

/// Starts a session in place of the browser's previous one. Returns the value
/// of its cookie.
fn start_session(provider: &Provider, previous_cookie: Option<&str>, user: &User) -> String {
    provider.update(|state, now| {
        let sessions = &mut state.records.sessions;
        let previous = previous_cookie.and_then(|cookie| sessions.end(cookie));
        // Signing in as another user signs the previous user out.
        let other_user = previous.as_ref().filter(|old| old.subject != user.subject);
        if let Some(other_user) = other_user {
            revoke_session_tokens(provider, state, other_user, now);
        }
        state.records.sessions.start(
            &user.subject,
            previous.as_ref(),
            provider.config().session_lifetime,
            now,
            provider.randomness(),
        )
    })
}

/// Returns the user with this name and password. A wrong password takes the
/// same time as an unknown name.
fn check_password<'a>(config: &'a Config, username: &str, password: &str) -> Option<&'a User> {
    let user = config.user_by_name(username.trim());
    let expected = user.map_or("", |user| user.password.as_str());
    let matches = Digest::of(expected).matches(&Digest::of(password));
    user.filter(|_| matches)
}
