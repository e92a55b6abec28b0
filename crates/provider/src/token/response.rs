//! The successful token response (RFC 6749 section 5.1).

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::id_token::id_token;
use crate::{
    clock::UnixTime,
    digest::Digest,
    family::{AccessToken, Family},
    oauth::error::OAuthError,
    provider::Provider,
    records::issue::IssuedTokens,
    refresh::expiry::refresh_token_expiry,
};

#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// In seconds. A common extension that no standard defines.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// Returns the response with new tokens. `nonce` goes into the ID token.
pub(super) fn token_response(
    provider: &Provider,
    issued: IssuedTokens,
    nonce: Option<&str>,
    now: UnixTime,
) -> Result<Response, OAuthError> {
    let id_token = id_token(provider, &issued, nonce, now)?;
    let family = &issued.family;
    let refresh_token_expires_in = issued
        .refresh_token
        .as_ref()
        .and_then(|token| seconds_to_expiry(provider, family, token, now));
    let access_token = family.access_token(&Digest::of(&issued.access_token));
    let response = TokenResponse {
        token_type: access_token.map_or("Bearer", AccessToken::token_type),
        expires_in: access_token.map_or(0, |token| token.expires_at.since(now).as_secs()),
        scope: issued.scope.to_string(),
        access_token: issued.access_token,
        refresh_token: issued.refresh_token,
        refresh_token_expires_in,
        id_token,
    };
    let no_store = [
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    Ok((no_store, Json(response)).into_response())
}

fn seconds_to_expiry(
    provider: &Provider,
    family: &Family,
    refresh_token: &str,
    now: UnixTime,
) -> Option<u64> {
    let token = family.refresh_token(&Digest::of(refresh_token))?;
    let lifetime = provider.refresh_lifetime(&family.client);
    let expiry = refresh_token_expiry(family, token, lifetime)?;
    Some(expiry.since(now).as_secs())
}
