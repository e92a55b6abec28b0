//! The answer with tokens (RFC 6749 section 5.1).

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    clock::UnixTime,
    config::User,
    digest::Digest,
    oauth::error::{ErrorCode, OAuthError},
    provider::Provider,
    records::{
        IssuedTokens,
        family::{AccessToken, Family},
    },
    refresh::expiry::refresh_token_expiry,
};

/// How long an ID token says that it is good, in seconds.
const ID_TOKEN_SECONDS: u64 = 600;

#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Seconds until the refresh token ends. Not in any standard, but common.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// The claims of OpenID Connect Core section 2.
#[derive(Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    auth_time: u64,
    at_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(flatten)]
    user: serde_json::Map<String, serde_json::Value>,
}

/// Puts tokens just issued into an answer. `nonce` is that of the
/// authorization request; an ID token from a refresh has none.
pub(super) fn token_response(
    provider: &Provider,
    granted: IssuedTokens,
    nonce: Option<&str>,
    now: UnixTime,
) -> Result<Response, OAuthError> {
    let id_token = id_token(provider, &granted, nonce, now)?;
    let IssuedTokens {
        family,
        issued,
        scope,
    } = granted;
    let refresh_token_expires_in = match &issued.refresh_token {
        Some(token) => refresh_token_seconds(provider, &family, token, now),
        None => None,
    };
    let access_token = family.access_token(&Digest::of(&issued.access_token));
    let expires_in = access_token.map_or(0, |token| token.expires_at.since(now).as_secs());
    let response = TokenResponse {
        access_token: issued.access_token,
        token_type: access_token.map_or("Bearer", AccessToken::token_type),
        expires_in,
        scope: scope.to_string(),
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

fn refresh_token_seconds(
    provider: &Provider,
    family: &Family,
    token: &str,
    now: UnixTime,
) -> Option<u64> {
    let token = family.refresh_token(&Digest::of(token))?;
    let lifetime = provider.refresh_lifetime(&family.client);
    let end = refresh_token_expiry(family, token, lifetime)?;
    Some(end.since(now).as_secs())
}

fn id_token(
    provider: &Provider,
    granted: &IssuedTokens,
    nonce: Option<&str>,
    now: UnixTime,
) -> Result<Option<String>, OAuthError> {
    if !granted.scope.contains("openid") {
        return Ok(None);
    }
    let family = &granted.family;
    // Only a restart with other people can have taken the person away.
    let gone = || OAuthError::new(ErrorCode::InvalidGrant, "The account no longer exists.");
    let user = provider.config().user(&family.subject).ok_or_else(gone)?;
    let claims = IdToken {
        iss: &provider.config().issuer,
        sub: &family.subject,
        aud: &family.client,
        iat: now.seconds(),
        exp: now.seconds() + ID_TOKEN_SECONDS,
        auth_time: family.auth_time.seconds(),
        at_hash: Digest::of(&granted.issued.access_token).left_half(),
        nonce,
        user: user.claims(&granted.scope),
    };
    let signed = provider.key().sign(&claims).map_err(|error| {
        tracing::error!(%error, "an ID token could not be signed");
        OAuthError::server_error()
    })?;
    Ok(Some(signed))
}

impl User {
    /// The claims that `scope` gives (OpenID Connect Core section 5.4).
    pub(crate) fn claims(
        &self,
        scope: &crate::oauth::scope::Scope,
    ) -> serde_json::Map<String, serde_json::Value> {
        let mut claims = serde_json::Map::new();
        if scope.contains("profile") {
            claims.insert("name".to_owned(), self.name.clone().into());
            claims.insert(
                "preferred_username".to_owned(),
                self.username.clone().into(),
            );
        }
        if scope.contains("email") {
            claims.insert("email".to_owned(), self.email.clone().into());
            claims.insert("email_verified".to_owned(), true.into());
        }
        claims
    }
}
