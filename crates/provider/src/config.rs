//! What a provider is started with: its address, clients and people.

use std::{fmt, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    policy::{Policy, RefreshLifetime},
};

/// How a provider is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The issuer identifier: `http://host:port`, without a path.
    pub issuer: String,
    /// Who may ask for tokens.
    pub clients: Vec<Client>,
    /// Who may sign in. Their passwords are shown on the login page.
    pub users: Vec<User>,
    /// How long access tokens live.
    pub access_token_lifetime: Duration,
    /// How long authorization codes live.
    pub code_lifetime: Duration,
    /// How long a person stays signed in at the provider.
    pub session_lifetime: Duration,
    /// Whether the authorization endpoint answers inside a frame.
    pub framing: Framing,
    /// Where everything is kept across restarts; `None` keeps it in memory.
    /// The file holds the signing key, and is made readable by its owner only.
    pub state_file: Option<PathBuf>,
    /// Whether there is a control API at `/demo/…`, for callers on this
    /// machine: faults, policies, clocks. For demos and tests only: it has no
    /// secret, so every program on the machine can use it.
    pub controls: bool,
}

/// Whether authorization works in a frame on another site.
///
/// Login and consent pages never do: a framed page can be covered, and the
/// press of a button stolen (RFC 9700 section 4.16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// A framed authorization request is refused, and the provider's session
    /// cookie stays behind (`SameSite=Lax`).
    #[default]
    Refused,
    /// `prompt=none` works in a frame, as many providers allow it for silent
    /// sign-in. The session cookie then is `SameSite=None; Secure`.
    Silent,
}

/// A registered client.
#[derive(Clone, Debug)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// The name that the consent page shows.
    pub name: String,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// Where answers may go; compared as exact strings.
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may return to; compared as exact strings.
    pub post_logout_redirect_uris: Vec<String>,
    /// The origins whose pages may call the provider and the API (CORS).
    pub origins: Vec<String>,
    /// How it is treated.
    pub policy: Policy,
}

/// How a client proves who it is.
#[derive(Clone, Debug)]
pub enum ClientAuthentication {
    /// A confidential client: `client_secret_basic` or `client_secret_post`.
    Secret(ClientSecret),
    /// A public client: it cannot.
    None,
}

/// A client secret. Only its digest is kept.
#[derive(Clone)]
pub struct ClientSecret(Digest);

impl ClientSecret {
    /// Takes the digest of `secret`.
    pub fn new(secret: &str) -> Self {
        Self(Digest::of(secret))
    }

    /// Whether `presented` is the secret; takes the same time either way.
    pub(crate) fn matches(&self, presented: &str) -> bool {
        self.0.matches(&Digest::of(presented))
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(…)")
    }
}

/// A demo person.
#[derive(Clone, Debug)]
pub struct User {
    /// The `sub` claim: never changes, means nothing.
    pub subject: String,
    /// The name to sign in with.
    pub username: String,
    /// The password. No secret: the login page shows it.
    pub password: String,
    /// The full name.
    pub name: String,
    /// The email address.
    pub email: String,
}

impl Config {
    /// A provider at `issuer` with nobody in it.
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

    /// The demo: alice and bob, the confidential client `confidant-web` with
    /// `client_secret` and the public client `confidant-spa`, both of the
    /// application at `app_origin`.
    pub fn demo(app_origin: &str, issuer: &str, client_secret: &str) -> Self {
        Self {
            clients: vec![
                confidential_client(app_origin, client_secret),
                public_client(app_origin),
            ],
            users: vec![
                user("10001", "alice", "lantern-42", "Alice Example"),
                user("10002", "bob", "harbour-17", "Bob Example"),
            ],
            ..Self::new(issuer)
        }
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub(crate) fn user(&self, subject: &str) -> Option<&User> {
        self.users.iter().find(|user| user.subject == subject)
    }

    /// The person whom `hint` names by username or email address.
    pub(crate) fn user_by_hint(&self, hint: &str) -> Option<&User> {
        let hint = hint.trim();
        self.users.iter().find(|user| {
            user.username.eq_ignore_ascii_case(hint) || user.email.eq_ignore_ascii_case(hint)
        })
    }
}

impl Client {
    /// Whether it can prove who it is.
    pub fn is_confidential(&self) -> bool {
        matches!(self.authentication, ClientAuthentication::Secret(_))
    }
}

fn confidential_client(app_origin: &str, secret: &str) -> Client {
    const FORTNIGHT: Duration = Duration::from_secs(14 * 24 * 3600);
    let origin = app_origin.trim_end_matches('/');
    Client {
        id: "confidant-web".to_owned(),
        name: "Confidant".to_owned(),
        authentication: ClientAuthentication::Secret(ClientSecret::new(secret)),
        redirect_uris: vec![format!("{origin}/callback")],
        post_logout_redirect_uris: vec![origin.to_owned(), format!("{origin}/")],
        origins: Vec::new(),
        policy: Policy::rotate_strict(RefreshLifetime::Sliding(FORTNIGHT)),
    }
}

fn public_client(app_origin: &str) -> Client {
    const WORKDAY: Duration = Duration::from_secs(8 * 3600);
    let origin = app_origin.trim_end_matches('/');
    Client {
        id: "confidant-spa".to_owned(),
        name: "Confidant in the browser".to_owned(),
        authentication: ClientAuthentication::None,
        // One for each kind of public client that the application can be.
        redirect_uris: ["browser", "browser-dpop", "worker"]
            .map(|kind| format!("{origin}/{kind}/callback"))
            .to_vec(),
        post_logout_redirect_uris: vec![origin.to_owned(), format!("{origin}/")],
        origins: vec![origin.to_owned()],
        policy: Policy::public_client(WORKDAY),
    }
}

fn user(subject: &str, username: &str, password: &str, name: &str) -> User {
    User {
        subject: subject.to_owned(),
        username: username.to_owned(),
        password: password.to_owned(),
        name: name.to_owned(),
        email: format!("{username}@example.com"),
    }
}
