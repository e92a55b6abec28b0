//! The login and consent pages of an authorization request.

use super::request::AuthorizationRequest;
use crate::{
    browser::{
        cookies::BrowserCookies,
        csrf::{CSRF_FIELD, FormPurpose, csrf_token},
    },
    config::User,
    oauth::scope::{OFFLINE_ACCESS, SUPPORTED, SupportedScope},
    pages::{consent::ConsentPage, layout::Page, login::LoginPage},
    provider::Provider,
};

/// The name of the hidden field with the authorization request.
pub(super) const REQUEST_FIELD: &str = "request";

pub(super) fn render_login_page(
    provider: &Provider,
    cookies: &BrowserCookies,
    request: &AuthorizationRequest<'_>,
    username: Option<&str>,
    error: Option<&str>,
) -> Page {
    let query = request.to_query();
    let key = provider.derivation_key();
    let token = csrf_token(key, cookies, FormPurpose::Login, &query);
    LoginPage {
        client: &request.client.name,
        redirect_uri: &request.redirect_uri,
        hidden: &[(REQUEST_FIELD, &query), (CSRF_FIELD, &token)],
        username,
        error,
        users: &provider.config().users,
    }
    .render()
}

pub(super) fn render_consent_page(
    provider: &Provider,
    cookies: &BrowserCookies,
    request: &AuthorizationRequest<'_>,
    user: &User,
) -> Page {
    let query = request.to_query();
    let key = provider.derivation_key();
    let token = csrf_token(key, cookies, FormPurpose::Consent, &query);
    ConsentPage {
        client: &request.client.name,
        user,
        scopes: &requested_scopes(request),
        redirect_uri: &request.redirect_uri,
        hidden: &[(REQUEST_FIELD, &query), (CSRF_FIELD, &token)],
        other_user_url: &format!("/authorize?{}", request.for_another_user()),
    }
    .render()
}

/// Returns what the client requests. The parameter `access_type=offline` is
/// not a scope, but means the same as `offline_access`.
fn requested_scopes(request: &AuthorizationRequest<'_>) -> Vec<&'static SupportedScope> {
    let by_parameter = request.requests_offline_by_parameter();
    let scopes = SUPPORTED.iter().filter(|scope| {
        request.scope.contains(scope.name) || (by_parameter && scope.name == OFFLINE_ACCESS)
    });
    scopes.collect()
}
