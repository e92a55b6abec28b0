//! Registered clients.

use std::fmt;

use crate::{digest::Digest, policy::Policy};

/// A registered client.
#[derive(Clone, Debug)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// The name that the consent page shows.
    pub name: String,
    /// How the client authenticates.
    pub authentication: ClientAuthentication,
    /// The redirect URIs, compared as exact strings.
    pub redirect_uris: Vec<String>,
    /// The redirect URIs after a sign-out, compared as exact strings.
    pub post_logout_redirect_uris: Vec<String>,
    /// The origins whose pages may call the provider and the API (CORS).
    pub origins: Vec<String>,
    /// How the provider treats the client.
    pub policy: Policy,
}

impl Client {
    /// Returns whether this is a confidential client (RFC 6749 section 2.1).
    pub fn is_confidential(&self) -> bool {
        matches!(self.authentication, ClientAuthentication::Secret(_))
    }
}

/// How a client authenticates at the token endpoint.
#[derive(Clone, Debug)]
pub enum ClientAuthentication {
    /// A confidential client: `client_secret_basic` or `client_secret_post`.
    Secret(ClientSecret),
    /// A public client: it only names itself.
    None,
}

/// A client secret, of which only the digest is kept.
#[derive(Clone)]
pub struct ClientSecret(Digest);

impl ClientSecret {
    /// Takes the digest of `secret`.
    pub fn new(secret: &str) -> Self {
        Self(Digest::of(secret))
    }

    /// Compares `presented` with the secret in constant time.
    pub(crate) fn matches(&self, presented: &str) -> bool {
        self.0.matches(&Digest::of(presented))
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(…)")
    }
}
