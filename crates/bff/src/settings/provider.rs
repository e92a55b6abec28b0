//! One provider, and the client registered there.

use super::{Endpoints, FixedEndpoints, IdTokenSettings, Secret};
use confidant_protocol::ProviderProfile;
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
    /// The id of its [profile](ProviderProfile).
    pub profile: String,
    /// Replaces the profile with this id.
    pub custom_profile: Option<ProviderProfile>,
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
    /// Further parameters of the authorization request. They override those of
    /// the profile.
    pub authorize_params: BTreeMap<String, String>,
    /// How its ID tokens are checked.
    pub id_token: IdTokenSettings,
    /// The origin at which this server reaches the provider, if it is another
    /// one than browsers use: requests to the browsers' origin go there. It may
    /// be plain http, for a network that is trusted.
    pub backchannel_url: Option<Url>,
    /// Whether the provider redirects to an address of its own, the callback
    /// path followed by its id. Then a response of one provider cannot pass for
    /// that of another (RFC 9700, section 4.4).
    pub own_callback: bool,
    /// Whether a response that does not name its issuer is refused, as if the
    /// provider's metadata promised the name (RFC 9207).
    pub iss_required: bool,
    /// Further origins that a sign-in may lead through. Browsers hold every
    /// redirect that follows a form against the page's `form-action`.
    pub form_action: Vec<Url>,
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

    /// Describes a provider that has the same addresses for every client, by the
    /// id of its profile: Google, GitHub and others. `None` if there is no such
    /// profile, or its addresses differ between tenants or installations.
    pub fn preset(profile: &str) -> Option<Self> {
        let preset = ProviderProfile::by_id(profile)?;
        let endpoints = Endpoints::of_profile(&preset)?;
        Some(Self {
            profile: profile.to_owned(),
            scopes: preset.scopes,
            ..Self::new(profile, endpoints)
        })
    }

    /// Describes a provider with the scope `openid` and the profile `generic`.
    pub fn new(id: impl Into<String>, endpoints: Endpoints) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            id,
            profile: "generic".to_owned(),
            custom_profile: None,
            endpoints,
            client_id: String::new(),
            client_secret: Secret::new(""),
            scopes: vec!["openid".to_owned()],
            mediated: false,
            public_client_id: None,
            grace: None,
            authorize_params: BTreeMap::new(),
            id_token: IdTokenSettings::default(),
            backchannel_url: None,
            own_callback: false,
            iss_required: false,
            form_action: Vec::new(),
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

    /// Sets how ID tokens are checked.
    #[must_use]
    pub fn id_token(self, id_token: IdTokenSettings) -> Self {
        Self { id_token, ..self }
    }

    /// Sets the origin at which this server reaches the provider, if it is
    /// another one than browsers use.
    #[must_use]
    pub fn backchannel_url(self, origin: Url) -> Self {
        Self {
            backchannel_url: Some(origin),
            ..self
        }
    }

    /// Sets a profile of the application's own, such as a preset with a
    /// difference:
    ///
    /// ```
    /// use confidant_bff::settings::{ClientAuthentication, Provider, ProviderProfile};
    ///
    /// let profile = ProviderProfile {
    ///     client_authentication: Some(ClientAuthentication::Body),
    ///     ..ProviderProfile::by_id("keycloak").unwrap_or_default()
    /// };
    /// let provider = Provider::discover("sso", "https://sso.example/realms/staff")
    ///     .profile("keycloak")
    ///     .custom_profile(profile);
    /// ```
    #[must_use]
    pub fn custom_profile(self, profile: ProviderProfile) -> Self {
        Self {
            custom_profile: Some(profile),
            ..self
        }
    }

    /// Lets the provider redirect to an address of its own: the callback path
    /// followed by the provider's id. Register that with the provider.
    #[must_use]
    pub fn own_callback(self) -> Self {
        Self {
            own_callback: true,
            ..self
        }
    }

    /// Refuses responses that do not name their issuer (RFC 9207).
    #[must_use]
    pub fn iss_required(self) -> Self {
        Self {
            iss_required: true,
            ..self
        }
    }

    /// Whether users sign in with OpenID Connect.
    pub(crate) fn is_openid(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "openid")
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
