//! The settings of a deployment: plain values, set by the
//! [builder](crate::BffBuilder) or by a configuration file.
//!
//! - [`Provider`]: one OAuth provider and the client registered there
//! - [`Endpoints`]: where it is; [`ProviderProfile`]: how it behaves
//! - [`IdTokenSettings`]: how its ID tokens are checked
//! - [`Api`]: one API that requests are forwarded to
//! - [`Names`], [`Paths`]: cookie names, metric prefix, paths
//! - [`Secret`]: a value that is never printed

mod api;
mod endpoints;
mod id_token;
mod names;
mod provider;
mod provider_problem;
mod secret;

pub use crate::{
    forward::{
        BadRequestHeader, BadResponseHeader, BadRoute, RequestHeader, ResponseHeader, Route,
    },
    refresh::Timing,
};
pub use api::{Api, BadApi};
pub use confidant_protocol::{
    ProviderProfile,
    provider_profile::{
        ClientAuthentication, ProfileEndpoints, RefreshGrant, RevocationStyle, TokenValidation,
        Userinfo,
    },
    token_error::{ErrorClass, TokenErrorRules},
};
pub use endpoints::{Endpoints, FixedEndpoints};
pub use id_token::{IdTokenSettings, IdTokenSignature};
pub use names::{Names, Paths};
pub use provider::Provider;
pub use provider_problem::ProviderProblem;
pub use secret::{NoSecret, Secret};

use std::time::Duration;
use url::Url;

/// The settings of the backend for frontend.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The URL at which browsers reach the application. The redirect URI is
    /// the callback path under it.
    pub public_url: Url,
    /// How long sessions live.
    pub session: SessionSettings,
    /// The providers, in the order in which they are offered to users.
    pub providers: Vec<Provider>,
    /// The APIs that requests are forwarded to.
    pub apis: Vec<Api>,
    /// Deadlines and leases of the refresh engine.
    pub timing: Timing,
    /// Names that a deployment may choose.
    pub names: Names,
    /// Paths that a deployment may choose.
    pub paths: Paths,
    /// Keeps each session's recent HTTP exchanges in memory, for its user to see
    /// in a sequence diagram. The log holds fingerprints of tokens, never tokens.
    pub exchange_log: bool,
    /// Redirects a navigation that needs a session to the sign-in page. When
    /// false, such a navigation is answered with 401, like a request of a script.
    pub redirect_to_sign_in: bool,
}

impl Settings {
    /// Returns the default settings of an application at this URL, without
    /// providers and APIs.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            session: SessionSettings::default(),
            providers: Vec::new(),
            apis: Vec::new(),
            timing: Timing::default(),
            names: Names::default(),
            paths: Paths::default(),
            exchange_log: false,
            redirect_to_sign_in: false,
        }
    }
}

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSettings {
    /// The longest time without a request.
    pub idle: Duration,
    /// The longest time since the user signed in.
    pub absolute: Duration,
}

impl Default for SessionSettings {
    /// Eight hours idle, seven days in all.
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(8 * 3600),
            absolute: Duration::from_secs(7 * 86400),
        }
    }
}
