//! The token view, and the change that an action made.

use crate::{Exchange, Fingerprint, UnixMillis};
use serde::{Deserialize, Serialize};

/// Names and values from a provider's response.
pub type Claims = serde_json::Map<String, serde_json::Value>;

/// A field is secret if its name or value contains one of these. The quotation
/// mark is the end of a JSON name.
pub const SECRET_WORDS: [&str; 4] = ["_token\"", "secret", "assertion", "password"];

/// Returns the additional fields of a token response that a page may show. Fields
/// that contain a token or another secret are left out, at any depth. `known` are
/// the secrets of this grant.
pub fn shown_extras(extras: &Claims, known: &[&str]) -> Claims {
    let secret = |text: &str| {
        let mut all = known.iter().chain(&SECRET_WORDS);
        all.any(|word| text.contains(word))
    };
    extras
        .iter()
        .filter(|(name, value)| !secret(&format!("{name:?}:{value}")))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The provider's response to a validation of the access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// Whether the provider accepts the token.
    pub active: bool,
    /// How the token was validated.
    pub by: ValidationMethod,
    /// The provider's response.
    pub answer: Claims,
}

/// How a token is validated at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidationMethod {
    /// Token introspection (RFC 7662).
    Introspection,
    /// Google's tokeninfo endpoint: the token is a query parameter.
    Tokeninfo,
    /// A request to the userinfo endpoint, which accepts or refuses the token (OIDC
    /// Core, section 5.3).
    Userinfo,
}

/// What a page may show about a token: everything except the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// The access token.
    pub access_token: Fingerprint,
    /// The refresh token, if there is one.
    pub refresh_token: Option<Fingerprint>,
    /// Counts the refresh tokens of the grant, from 1.
    pub generation: u64,
    /// `Bearer`, or what the provider responded with.
    pub token_type: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// When the token was requested.
    pub obtained_at: UnixMillis,
    /// When the token expires. None if the provider did not say.
    pub expires_at: Option<UnixMillis>,
    /// The server's time when it made this view. Pages count down the difference to
    /// `expires_at`, so that an incorrect clock of the browser does no harm.
    pub now: UnixMillis,
    /// Whether the token was marked as expired: the next call refreshes first.
    pub expired: bool,
    /// Whether a response was lost, so that the refresh token may have been used. It
    /// is not sent again: the access token is used until it expires, and then the
    /// user is authorized again.
    #[serde(default)]
    pub may_be_spent: bool,
    /// The additional fields of the token response.
    pub extras: Claims,
}

/// Why a token changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A call found the token expired.
    Automatic,
    /// The user requested it.
    Manual,
    /// A response was lost, and a silent authorization request (`prompt=none`)
    /// obtained new tokens.
    Renewal,
}

/// A token before and after a refresh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The reason.
    pub cause: Cause,
    /// The token before.
    pub before: TokenView,
    /// The token after.
    pub after: TokenView,
}

/// The result of the last action, and the HTTP exchanges of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The change of the token, if the action changed it.
    pub change: Option<Change>,
    /// The session's exchanges, oldest first.
    pub exchanges: Vec<Exchange>,
}

/// A sign-in has started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginStarted {
    /// The authorization request, as a URL (RFC 6749, section 4.1.1).
    pub authorization_url: String,
}

/// A session has started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginFinished {
    /// The page to return to: a path of this application.
    pub return_to: String,
}

/// A session has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// The provider's id. None if there was no session.
    #[serde(default)]
    pub provider: Option<String>,
    /// Whether the provider confirmed the revocation (RFC 7009).
    pub revoked: bool,
    /// The provider's logout page (OpenID Connect RP-Initiated Logout), if there is one.
    pub end_session_url: Option<String>,
}

/// Whether the demo provider still accepts a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenStatus {
    /// Whether the provider has a record of the token.
    pub known: bool,
    /// Whether it still accepts the token.
    pub active: bool,
    /// The reason, as a fixed code.
    pub reason: String,
}

/// The access token that a token-mediating backend gives its page (RFC 10017,
/// section 6.2). It is never a refresh token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOutAccessToken {
    /// The token.
    pub access_token: String,
    /// `Bearer`, or what the provider responded with.
    pub token_type: String,
    /// Its scopes: no more than were requested.
    pub scopes: Vec<String>,
    /// When it was requested.
    pub obtained_at: UnixMillis,
    /// When the token expires. None if the provider did not say.
    pub expires_at: Option<UnixMillis>,
    /// The server's time when it responded.
    pub now: UnixMillis,
}

impl std::fmt::Debug for HandedOutAccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandedOutAccessToken")
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
