//! One provider, and the client registered there.

use super::Secret;
use std::{collections::BTreeMap, time::Duration};
use url::Url;

/// One OAuth provider, with the client that the deployment registered there.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Provider {
    /// The id in requests to the backend.
    pub id: String,
    /// The name shown to users.
    pub name: String,
    /// The id of its [profile](confidant_protocol::ProviderProfile).
    pub profile: String,
    /// How its endpoints are found.
    pub endpoints: Endpoints,
    /// The client identifier (RFC 6749, section 2.2).
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret,
    /// The scopes to request.
    pub scopes: Vec<String>,
    /// Whether the backend is also a token-mediating backend with this
    /// provider, and issues access tokens to pages (RFC 10017, section 6.2).
    pub mediated: bool,
    /// The client identifier of the application's pages as a public client, if
    /// they are registered as one.
    pub public_client_id: Option<String>,
    /// How long a refresh token stays valid after its first use, if the provider
    /// is configured that way. Overrides the profile.
    pub grace: Option<Duration>,
    /// Whether the tokens of a session that was replaced or has expired are
    /// revoked. Overrides the profile. Set it to false where the revocation of
    /// one token also ends the newer grants of the same user.
    pub revoke_on_replacement: Option<bool>,
    /// Further parameters of the authorization request. They override those of
    /// the profile.
    pub authorize_params: BTreeMap<String, String>,
}

impl Provider {
    /// Describes a provider whose endpoints are discovered (OpenID Connect
    /// Discovery 1.0). The id stands in requests and logs.
    pub fn discover(id: impl Into<String>, issuer: impl Into<String>) -> Self {
        Self::new(id, Endpoints::Discover(issuer.into()))
    }

    /// Describes a provider whose endpoints are given one by one.
    pub fn with_endpoints(id: impl Into<String>, endpoints: FixedEndpoints) -> Self {
        Self::new(id, Endpoints::Fixed(Box::new(endpoints)))
    }

    /// Describes a provider with the scope `openid` and the profile `generic`.
    pub fn new(id: impl Into<String>, endpoints: Endpoints) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            id,
            profile: "generic".to_owned(),
            endpoints,
            client_id: String::new(),
            client_secret: Secret::new(""),
            scopes: vec!["openid".to_owned()],
            mediated: false,
            public_client_id: None,
            grace: None,
            revoke_on_replacement: None,
            authorize_params: BTreeMap::new(),
        }
    }

    /// Sets the client identifier and its secret.
    #[must_use]
    pub fn client(self, id: impl Into<String>, secret: Secret) -> Self {
        Self {
            client_id: id.into(),
            client_secret: secret,
            ..self
        }
    }

    /// Sets the scopes to request.
    #[must_use]
    pub fn scopes(self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            scopes: scopes.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// Sets the name shown to users.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..self
        }
    }

    /// Sets the profile: how this provider differs from the standards.
    #[must_use]
    pub fn profile(self, id: impl Into<String>) -> Self {
        Self {
            profile: id.into(),
            ..self
        }
    }

    /// Adds a parameter to the authorization request.
    #[must_use]
    pub fn authorize_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.authorize_params.insert(name.into(), value.into());
        self
    }
}

impl Provider {
    /// Returns who issues tokens under these settings: the issuer or, without one,
    /// the token endpoint, and the client. Tokens of another issuer or client are
    /// not presented here, although the provider has the same id.
    pub(crate) fn issued_by(&self) -> String {
        let issuer = match &self.endpoints {
            Endpoints::Discover(issuer) => issuer.as_str(),
            Endpoints::Fixed(fixed) => fixed.token_endpoint.as_str(),
        };
        format!("{issuer} {}", self.client_id)
    }
}

/// How a provider's endpoints are found.
#[derive(Clone, Debug)]
pub enum Endpoints {
    /// By discovery (OpenID Connect Discovery 1.0) under this issuer.
    Discover(String),
    /// From the configuration, for providers without discovery.
    Fixed(Box<FixedEndpoints>),
}

impl Endpoints {
    /// Returns the issuer identifier, if there is one.
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Self::Discover(issuer) => Some(issuer),
            Self::Fixed(fixed) => fixed.issuer.as_deref(),
        }
    }
}

/// Endpoints given one by one.
#[derive(Clone, Debug)]
pub struct FixedEndpoints {
    /// The issuer identifier, if the provider has one.
    pub issuer: Option<String>,
    /// The authorization endpoint (RFC 6749, section 3.1).
    pub authorization_endpoint: Url,
    /// The token endpoint (RFC 6749, section 3.2).
    pub token_endpoint: Url,
    /// The userinfo endpoint (OpenID Connect Core 1.0, section 5.3).
    pub userinfo_endpoint: Option<Url>,
    /// The introspection endpoint (RFC 7662).
    pub introspection_endpoint: Option<Url>,
    /// The revocation endpoint (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// The logout endpoint (OpenID Connect RP-Initiated Logout 1.0).
    pub end_session_endpoint: Option<Url>,
    /// The keys that sign ID tokens (RFC 7517).
    pub jwks_uri: Option<Url>,
}
