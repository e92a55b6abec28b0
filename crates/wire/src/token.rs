//! The token view, and what an action changed.

use crate::{Exchange, Fingerprint, UnixMillis};
use serde::{Deserialize, Serialize};

/// A name and a value that a provider sent, for display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The provider's name for it.
    pub name: String,
    /// Its value, as text; JSON where it is not a plain string.
    pub value: String,
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
    /// `Bearer`, as the provider spelled it.
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
    /// What the provider sent beside the standard fields.
    pub extras: Vec<Claim>,
}

/// Why a token changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A call found it expired.
    Automatic,
    /// A person asked for it.
    Manual,
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

/// The session is over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// Whether the provider confirmed the revocation (RFC 7009).
    pub revoked: bool,
    /// Where RP-initiated logout goes, if the provider has it.
    pub end_session_url: Option<String>,
}
