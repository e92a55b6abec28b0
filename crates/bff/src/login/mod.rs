//! Signing in, in two steps: the authorization request, and what comes back.
//!
//! - [`return_to`]: where a person may be sent afterwards
//! - [`request`]: the authorization request
//! - [`response`]: what the provider's redirect carried, judged

mod finish;
pub mod request;
pub mod response;
pub mod return_to;

pub use response::AuthorizationResponse;

use crate::grant::GrantId;
use confidant_wire::{ClientKind, UnixMillis};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// How long a person may take at the provider.
pub const LOGIN_LIFETIME: Duration = Duration::from_secs(600);

/// A sign-in that was begun: what its answer is checked against.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The configured provider's id.
    pub provider: String,
    /// The kind of client.
    pub kind: ClientKind,
    /// Where the person wants to go afterwards.
    pub return_to: String,
    /// What the ID token must repeat.
    pub nonce: String,
    /// PKCE's secret (RFC 7636).
    pub verifier: String,
    /// The authorization request, for the sequence diagram.
    pub authorization_url: String,
    /// The session that is being renewed without asking, if that is what it
    /// is for.
    #[serde(default)]
    pub renews: Option<Renewal>,
    /// When it was begun.
    pub began_at: UnixMillis,
    /// Until when it may be finished.
    pub expires_at: UnixMillis,
}

/// The session that a silent renewal is for. Its answer is good for no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The session's grant.
    pub grant: GrantId,
    /// The subject the provider named.
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
