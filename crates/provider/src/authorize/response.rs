//! Authorization responses: redirects to the client, or error pages.

use axum::response::{IntoResponse, Redirect, Response};
use url::Url;

use super::{
    rejection::{ClientRejection, PageRejection, Rejection},
    request::AuthorizationRequest,
};
use crate::{pages::error_page::ErrorPage, provider::Provider};

/// Redirects to the client with a code (RFC 6749 section 4.1.2).
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

/// Redirects to the client with an error (RFC 6749 section 4.1.2.1).
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

/// Returns the response to a rejected request.
pub(super) fn rejection_response(provider: &Provider, rejection: &Rejection) -> Response {
    match rejection {
        Rejection::Client(rejection) => redirect_with_error(provider, rejection),
        Rejection::Page(rejection) => error_page(*rejection).into_response(),
    }
}

/// Redirects with 303, never 307: a 307 would send the form, and with it the
/// password, to the client (RFC 9700 section 4.12). Adds `iss`, which tells the
/// client which provider responded (RFC 9207).
fn redirect(
    provider: &Provider,
    redirect_uri: &str,
    parameters: &[(&str, Option<&str>)],
) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        // Unreachable: the configuration has only valid redirect URIs.
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
    let (title, paragraph) = match rejection {
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
             Sending your sign-in there could give it to an attacker.",
        ),
    };
    ErrorPage::bad_request(title, paragraph)
        .with_paragraph("Nothing was shared. Go back to the app and start again.")
}
