//! What a deployment says about itself: plain values, already checked.

use crate::forward::{RequestHeader, Route};
use std::{collections::BTreeMap, fmt, time::Duration};
use url::Url;

/// Everything the confidential client needs to be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach the application. The redirect URI is `callback`
    /// under it.
    pub public_url: Url,
    /// How long sessions live.
    pub session: SessionSettings,
    /// The providers, in the order in which they are offered.
    pub providers: Vec<Provider>,
    /// The APIs that requests are forwarded to.
    pub apis: Vec<Api>,
    /// Keep each session's exchanges for the sequence diagram. They hold
    /// fingerprints only, but they cost memory: for demonstrations.
    pub record: bool,
}

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSettings {
    /// Without being used.
    pub idle: Duration,
    /// At all.
    pub absolute: Duration,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(8 * 3600),
            absolute: Duration::from_secs(7 * 86400),
        }
    }
}

/// One provider, as the deployment registered with it.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The id used in requests to us.
    pub id: String,
    /// The name shown to people.
    pub name: String,
    /// The id of its [profile](crate::provider::Profile).
    pub profile: String,
    /// Where it is.
    pub endpoints: Endpoints,
    /// The client id it gave us.
    pub client_id: String,
    /// The client secret it gave us.
    pub client_secret: Secret,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// Whether we are a token-mediating backend with it, too, and hand pages
    /// access tokens (RFC 10017, section 6.2).
    pub mediated: bool,
    /// The client id of our pages as a public client; none where they are not.
    pub public_client_id: Option<String>,
    /// How long a refresh token stays good after its first use, where the
    /// provider was set up so. It wins over the profile's own rule.
    pub grace: Option<Duration>,
    /// Further parameters of the authorization request. They win over the
    /// profile's own.
    pub authorize_params: BTreeMap<String, String>,
}

/// How a provider's endpoints are found.
#[derive(Clone, Debug)]
pub enum Endpoints {
    /// By discovery (OpenID Connect Discovery 1.0) under this issuer.
    Discover(String),
    /// Written down, for providers without discovery.
    Fixed(Box<FixedEndpoints>),
}

impl Endpoints {
    /// The issuer identifier, where there is one.
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Self::Discover(issuer) => Some(issuer),
            Self::Fixed(fixed) => fixed.issuer.as_deref(),
        }
    }
}

/// Endpoints written down one by one.
#[derive(Clone, Debug)]
pub struct FixedEndpoints {
    /// The issuer, where the provider has one.
    pub issuer: Option<String>,
    /// RFC 6749, section 3.1.
    pub authorization_endpoint: Url,
    /// RFC 6749, section 3.2.
    pub token_endpoint: Url,
    /// OpenID Connect Core 1.0, section 5.3.
    pub userinfo_endpoint: Option<Url>,
    /// RFC 7662.
    pub introspection_endpoint: Option<Url>,
    /// RFC 7009.
    pub revocation_endpoint: Option<Url>,
    /// OpenID Connect RP-Initiated Logout 1.0.
    pub end_session_endpoint: Option<Url>,
    /// Where the provider's ID tokens are verified against.
    pub jwks_uri: Option<Url>,
}

/// One API that the browser reaches through us (RFC 10017, section 6.1.3.6).
#[derive(Clone, Debug)]
pub struct Api {
    /// The id used in paths: `/api/{id}/…`.
    pub id: String,
    /// The id of the provider whose tokens it takes.
    pub provider: String,
    /// Where it is: scheme, host, and what all of its paths begin with.
    pub upstream: Url,
    /// What of it is open. Everything else is not.
    pub routes: Vec<Route>,
    /// The headers of a request that it gets beside those that
    /// [always pass](crate::forward::request_headers).
    pub request_headers: Vec<RequestHeader>,
    /// The resource that its tokens are asked for (RFC 8707), where the
    /// provider tells resources apart.
    pub resource: Option<String>,
    /// Fewer scopes than the session's, where its tokens should have fewer.
    pub scope: Option<Vec<String>>,
    /// How long it may keep silent: until its answer begins, and from one
    /// piece of the answer to the next.
    pub timeout: Duration,
    /// How large a request's body may be, in bytes.
    pub body_limit: u64,
}

/// A value that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps this value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself: only for the request that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
