//! The token view, and what an action changed.

use crate::{Exchange, Fingerprint, UnixMillis};
use serde::{Deserialize, Serialize};

/// Names and values as a provider sent them.
pub type Claims = serde_json::Map<String, serde_json::Value>;

/// Parts of a field's name or value by which [`shown_extras`] recognises a
/// secret. The quotation mark ends a name.
pub const SECRET_WORDS: [&str; 4] = ["_token\"", "secret", "assertion", "password"];

/// Of the fields that a provider sent beside the standard ones, those that may
/// be shown: not one that holds a token or another secret, however deep.
/// `known` are the secrets of this grant.
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

/// What the provider says of the access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// Whether the provider takes the token for good.
    pub active: bool,
    /// Which way it was asked.
    pub by: ValidationMethod,
    /// The provider's answer.
    pub answer: Claims,
}

/// How a provider is asked about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidationMethod {
    /// Token introspection (RFC 7662).
    Introspection,
    /// Google's older way: the token as a query parameter.
    Tokeninfo,
    /// By using it: whether userinfo takes it (OIDC Core, section 5.3).
    Userinfo,
}

/// What may be shown of a token: everything but the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Which access token.
    pub access_token: Fingerprint,
    /// Which refresh token, where there is one.
    pub refresh_token: Option<Fingerprint>,
    /// Counts the refresh tokens of the grant, from 1.
    pub generation: u64,
    /// `Bearer`, or another that the provider named.
    pub token_type: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// When the token was asked for.
    pub obtained_at: UnixMillis,
    /// When it runs out; none where the provider did not say.
    pub expires_at: Option<UnixMillis>,
    /// The server's clock when this view was made: count down from the
    /// difference, whatever the browser's own clock says.
    pub now: UnixMillis,
    /// True after a forced expiry: the next call refreshes first.
    pub expired: bool,
    /// True where an answer was lost that may have spent the refresh token, so
    /// that it is not sent again: the access token is used to its end, and
    /// then the provider is asked anew.
    #[serde(default)]
    pub may_be_spent: bool,
    /// What the provider sent beside the standard fields.
    pub extras: Claims,
}

/// Why a token changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A call found it expired.
    Automatic,
    /// A person asked for it.
    Manual,
    /// An answer was lost, and the provider was asked once more for an
    /// authorization, without a question to the person.
    Renewal,
}

/// A token, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Why.
    pub cause: Cause,
    /// The token before.
    pub before: TokenView,
    /// The token after.
    pub after: TokenView,
}

/// What the last action did and what travelled for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The change of token, if the action brought one.
    pub change: Option<Change>,
    /// The session's exchanges, the oldest first.
    pub exchanges: Vec<Exchange>,
}

/// Where the browser goes to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginStarted {
    /// The authorization request, as a URL (RFC 6749, section 4.1.1).
    pub authorization_url: String,
}

/// The session has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginFinished {
    /// Where the person wanted to go: a path of this application.
    pub return_to: String,
}

/// The session is over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// The provider's id; none where nobody was signed in.
    #[serde(default)]
    pub provider: Option<String>,
    /// Whether the provider confirmed the revocation (RFC 7009).
    pub revoked: bool,
    /// Where RP-initiated logout goes, if the provider has it.
    pub end_session_url: Option<String>,
}

/// Whether the demo provider still accepts a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenStatus {
    /// Whether the provider has a record of the token.
    pub known: bool,
    /// Whether it still accepts the token.
    pub active: bool,
    /// Why, as the provider's fixed code.
    pub reason: String,
}

/// The one token that crosses: what a token-mediating backend hands its page
/// (RFC 10017, section 6.2). It is an access token, never a refresh token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOutAccessToken {
    /// The token itself.
    pub access_token: String,
    /// `Bearer`, or another that the provider named.
    pub token_type: String,
    /// What it is good for: no more than was asked.
    pub scopes: Vec<String>,
    /// When it was asked for.
    pub obtained_at: UnixMillis,
    /// When it runs out; none where the provider did not say.
    pub expires_at: Option<UnixMillis>,
    /// The server's clock when it was handed out.
    pub now: UnixMillis,
}

impl std::fmt::Debug for HandedOutAccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandedOutAccessToken")
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
