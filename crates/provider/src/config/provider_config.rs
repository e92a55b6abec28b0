//! The settings of a provider.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::{client::Client, user::User};
use crate::policy::Policy;

/// The settings that a provider starts with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The issuer identifier: `http://host:port`, without a path.
    pub issuer: String,
    /// The registered clients.
    pub clients: Vec<Client>,
    /// The users. The login page shows their passwords.
    pub users: Vec<User>,
    /// The lifetime of access tokens.
    pub access_token_lifetime: Duration,
    /// The lifetime of authorization codes.
    pub code_lifetime: Duration,
    /// How long a user stays signed in at the provider.
    pub session_lifetime: Duration,
    /// Whether the authorization endpoint answers inside an iframe.
    pub framing: Framing,
    /// The file that keeps the provider's state across restarts; `None` keeps
    /// it in memory. The file holds the signing key, so only its owner can
    /// read it.
    pub state_file: Option<PathBuf>,
    /// Whether the control API at `/demo/…` is available to programs on this
    /// machine. For demos and tests only: it needs no secret, so every program
    /// on the machine can use it.
    pub controls: bool,
}

/// Whether authorization requests work in an iframe on another site.
///
/// Login and consent pages never do: the embedding page could cover them and
/// have the user press a button unawares (clickjacking, RFC 9700 section 4.16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// The provider refuses authorization requests in an iframe, and browsers
    /// send its session cookie to no iframe on another site (`SameSite=Lax`).
    #[default]
    Refused,
    /// `prompt=none` works in an iframe, as many providers allow for silent
    /// sign-in. The session cookie is then `SameSite=None; Secure`.
    Silent,
}

impl Config {
    /// Returns the settings of a provider at `issuer` without clients or users.
    pub fn new(issuer: &str) -> Self {
        Self {
            issuer: issuer.trim_end_matches('/').to_owned(),
            clients: Vec::new(),
            users: Vec::new(),
            access_token_lifetime: Duration::from_secs(60),
            code_lifetime: Duration::from_secs(60),
            session_lifetime: Duration::from_secs(8 * 3600),
            framing: Framing::Refused,
            state_file: None,
            controls: false,
        }
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub(crate) fn user(&self, subject: &str) -> Option<&User> {
        self.users.iter().find(|user| user.subject == subject)
    }

    /// Finds a user by username, ignoring case.
    pub(crate) fn user_by_name(&self, username: &str) -> Option<&User> {
        let mut users = self.users.iter();
        users.find(|user| user.username.eq_ignore_ascii_case(username))
    }

    /// Finds the user that a `login_hint` names by username or email address.
    pub(crate) fn user_by_hint(&self, hint: &str) -> Option<&User> {
        let hint = hint.trim();
        let mut users = self.users.iter();
        users.find(|user| {
            user.username.eq_ignore_ascii_case(hint) || user.email.eq_ignore_ascii_case(hint)
        })
    }

    /// Returns the lifetime of access tokens for a client with `policy`.
    pub(crate) fn access_token_lifetime_under(&self, policy: &Policy) -> Duration {
        policy
            .access_token_lifetime
            .unwrap_or(self.access_token_lifetime)
    }
}
