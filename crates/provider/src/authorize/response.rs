//! Answers to the client: redirects with a code or an error.

use axum::response::{IntoResponse, Redirect, Response};
use url::Url;

use super::{
    next_step::issues_refresh_token,
    request::{AuthorizationRequest, ClientRejection, PageRejection, Rejection},
};
use crate::{
    pages::error_page::ErrorPage,
    provider::{Provider, State},
    records::{code::AuthorizationCode, session::Session},
};

/// Makes the code for a request that is granted.
pub(super) fn issue_code(
    provider: &Provider,
    state: &mut State,
    request: &AuthorizationRequest<'_>,
    session: &Session,
    consented_now: bool,
    now: crate::clock::UnixTime,
) -> String {
    let code = AuthorizationCode {
        client: request.client.id.clone(),
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
        key: request.key.clone(),
        scope: request.scope.clone(),
        subject: session.subject.clone(),
        auth_time: session.auth_time,
        session: session.number,
        offline: issues_refresh_token(request, consented_now),
        expires_at: now.plus(provider.config().code_lifetime),
        redeemed_for: None,
    };
    state.records.issue_code(code, provider.randomness())
}

/// The redirect with a code (RFC 6749 section 4.1.2).
pub(super) fn redirect_with_code(
    provider: &Provider,
    request: &AuthorizationRequest<'_>,
    code: &str,
) -> Response {
    redirect(
        provider,
        &request.redirect_uri,
        &[("code", Some(code)), ("state", request.state.as_deref())],
    )
}

/// The redirect with an error (RFC 6749 section 4.1.2.1).
pub(super) fn redirect_with_error(provider: &Provider, rejection: &ClientRejection) -> Response {
    redirect(
        provider,
        &rejection.redirect_uri,
        &[
            ("error", Some(rejection.error.as_str())),
            ("error_description", Some(rejection.description)),
            ("state", rejection.state.as_deref()),
        ],
    )
}

/// The refusal of a request, wherever it has to go.
pub(super) fn rejection_response(provider: &Provider, rejection: &Rejection) -> Response {
    match rejection {
        Rejection::Client(rejection) => redirect_with_error(provider, rejection),
        Rejection::Page(rejection) => error_page(*rejection).into_response(),
    }
}

/// 303, never 307: a 307 would send the form, and with it the password, to
/// the client (RFC 9700 section 4.12). `iss` tells the client whose answer it
/// is (RFC 9207).
fn redirect(
    provider: &Provider,
    redirect_uri: &str,
    parameters: &[(&str, Option<&str>)],
) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        // Checked at the start, so this is a page only in theory.
        return error_page(PageRejection::UnknownRedirectUri).into_response();
    };
    for (name, value) in parameters {
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    url.query_pairs_mut()
        .append_pair("iss", &provider.config().issuer);
    Redirect::to(url.as_str()).into_response()
}

fn error_page(rejection: PageRejection) -> ErrorPage {
    let (title, description) = match rejection {
        PageRejection::NoClient => (
            "Which app sent you?",
            "The address that brought you here has no client_id, or more than one.",
        ),
        PageRejection::UnknownClient => (
            "We don't know this app",
            "The client_id in the address belongs to no app that is registered here.",
        ),
        PageRejection::NoRedirectUri => (
            "Where should we send you back to?",
            "The address that brought you here has no redirect_uri, or more than one.",
        ),
        PageRejection::UnknownRedirectUri => (
            "We won't send you there",
            "The redirect_uri in the address is not one that the app has registered. \
             Sending your sign-in there could hand it to somebody else.",
        ),
    };
    ErrorPage::bad_request(title, description)
        .with_paragraph("Nothing was shared. Go back to the app and start again.")
}
