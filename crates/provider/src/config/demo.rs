//! The clients and users of the demo.

use std::time::Duration;

use super::{
    client::{Client, ClientAuthentication, ClientSecret},
    provider_config::Config,
    user::User,
};
use crate::policy::{Policy, RefreshLifetime};

impl Config {
    /// Returns the settings of the demo: the users alice and bob, the
    /// confidential client `confidant-web` with `client_secret`, and the
    /// public client `confidant-spa`. Both clients belong to the application
    /// at `app_origin`.
    pub fn demo(app_origin: &str, issuer: &str, client_secret: &str) -> Self {
        let app_origin = app_origin.trim_end_matches('/');
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
}

fn confidential_client(origin: &str, secret: &str) -> Client {
    const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 3600);
    Client {
        id: "confidant-web".to_owned(),
        name: "Confidant".to_owned(),
        authentication: ClientAuthentication::Secret(ClientSecret::new(secret)),
        redirect_uris: vec![format!("{origin}/callback")],
        post_logout_redirect_uris: vec![origin.to_owned(), format!("{origin}/")],
        origins: Vec::new(),
        policy: Policy::rotate_strict(RefreshLifetime::Sliding(TWO_WEEKS)),
    }
}

fn public_client(origin: &str) -> Client {
    const EIGHT_HOURS: Duration = Duration::from_secs(8 * 3600);
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
        policy: Policy::public_client(EIGHT_HOURS),
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
