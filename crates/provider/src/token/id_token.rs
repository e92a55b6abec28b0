//! ID tokens (OpenID Connect Core section 2).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    clock::UnixTime,
    digest::Digest,
    oauth::error::{ErrorCode, OAuthError},
    provider::Provider,
    records::issue::IssuedTokens,
};

/// The lifetime of ID tokens in seconds.
const LIFETIME: u64 = 600;

#[derive(Serialize)]
struct Claims<'a> {
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
    user: Map<String, Value>,
}

/// Returns a signed ID token, if the scope contains `openid`. `nonce` is that
/// of the authorization request; an ID token from a refresh has none.
pub(super) fn id_token(
    provider: &Provider,
    issued: &IssuedTokens,
    nonce: Option<&str>,
    now: UnixTime,
) -> Result<Option<String>, OAuthError> {
    if !issued.scope.contains("openid") {
        return Ok(None);
    }
    let family = &issued.family;
    // The user is missing only after a restart with another configuration.
    let missing = || OAuthError::new(ErrorCode::InvalidGrant, "The user no longer exists.");
    let user = provider
        .config()
        .user(&family.subject)
        .ok_or_else(missing)?;
    let claims = Claims {
        iss: &provider.config().issuer,
        sub: &family.subject,
        aud: &family.client,
        iat: now.seconds(),
        exp: now.seconds() + LIFETIME,
        auth_time: family.auth_time.seconds(),
        at_hash: Digest::of(&issued.access_token).left_half(),
        nonce,
        user: user.claims(&issued.scope),
    };
    let signed = provider.signing_key().sign(&claims).map_err(|error| {
        tracing::error!(%error, "the provider could not sign an ID token");
        OAuthError::server_error()
    })?;
    Ok(Some(signed))
}
