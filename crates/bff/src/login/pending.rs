//! What is stored between the two steps of a sign-in.

use crate::grant::GrantId;
use confidant_wire::{ClientKind, UnixMillis};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// How long a user may take at the provider.
pub(crate) const LOGIN_LIFETIME: Duration = Duration::from_secs(600);

/// A sign-in that was started: what its response is checked against.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The id of the provider.
    pub provider: String,
    /// The kind of client.
    pub kind: ClientKind,
    /// Where the user wants to go afterwards.
    pub return_to: String,
    /// The nonce that the ID token must repeat.
    pub nonce: String,
    /// The PKCE code verifier (RFC 7636).
    pub verifier: String,
    /// The authorization request, for the exchange log.
    pub authorization_url: String,
    /// The session that a silent re-authentication renews.
    #[serde(default)]
    pub renews: Option<Renewal>,
    /// When it was started, in milliseconds since 1970.
    pub began_at: UnixMillis,
    /// Until when it may be finished, in milliseconds since 1970.
    pub expires_at: UnixMillis,
}

/// The session that a silent re-authentication renews. The response is good
/// for no other session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The grant of the session.
    pub grant: GrantId,
    /// The subject that the provider named.
    pub subject: String,
    /// When the session began. The renewed one counts from there: the user
    /// authenticated then, and not when the provider answered without asking.
    pub created_at: UnixMillis,
}

impl fmt::Debug for PendingLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogin")
            .field("provider", &self.provider)
            .field("return_to", &self.return_to)
            .finish_non_exhaustive()
    }
}
