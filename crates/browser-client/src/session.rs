//! The session of a user.

use crate::Error;

/// Whether a user is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The user, if one is signed in.
    pub signed_in: Option<SignedIn>,
    /// Why the previous session ended.
    pub ended: Option<Error>,
}

/// The signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The subject of the ID token; empty if there was none.
    pub subject: String,
    /// The name to greet the user with.
    pub name: String,
    /// When the session began, in Unix milliseconds by this browser's clock.
    pub since: u64,
}

/// The result of a sign-out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedOut {
    /// Whether the provider confirmed the revocation (RFC 7009).
    pub revoked: bool,
    /// Where the page goes to sign out at the provider too (OpenID Connect
    /// RP-Initiated Logout 1.0), if the provider supports it.
    pub end_session_url: Option<String>,
}
