//! Providers: where they are, how they behave, and how they are spoken to.
//!
//! - [`profile`]: how one provider differs from another
//! - [`metadata`]: its endpoints and keys
//! - [`normalise`]: quirky answers made standard
//! - [`token_endpoint`]: code exchange and refresh
//! - [`identity`]: who signed in
//! - `origin`: where sign-ins lead
//! - [`calls`]: userinfo, validation, revocation

mod calls;
pub(crate) mod csp_origins;
pub(crate) mod identity;
pub(crate) mod list;
pub(crate) mod metadata;
pub(crate) mod normalise;
pub(crate) mod profile;
pub(crate) mod token_endpoint;

pub use calls::CallError;
pub(crate) use metadata::Metadata;
pub use metadata::MetadataError;
pub use profile::Profile;
pub(crate) use profile::Validate;

use crate::{
    BuildError,
    http_client::HttpClient,
    refresh::Reuse,
    settings::{Provider, Settings},
};
use confidant_wire::ClientKind;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::sync::Mutex;
use url::Url;

/// How long an exchange with a provider may take, beside a flight's own
/// deadline.
const DEADLINE: Duration = Duration::from_secs(5);

/// A provider as configured, and what was learned of it.
pub(crate) struct ProviderClient {
    /// What the deployment said.
    pub settings: Provider,
    /// How it behaves.
    pub profile: Profile,
    redirect_uri: String,
    http: HttpClient,
    learned: Mutex<Option<Arc<Metadata>>>,
    /// In the profile's place.
    reuse_override: RwLock<Option<Reuse>>,
}

/// The configured providers.
#[derive(Clone)]
pub(crate) struct Providers(Arc<[ProviderClient]>);

impl Providers {
    /// The providers of these settings.
    ///
    /// # Errors
    /// When one names a profile that does not exist.
    pub(crate) fn new(settings: &Settings, http: &HttpClient) -> Result<Self, BuildError> {
        let redirect_uri = redirect_uri(&settings.public_url, &settings.paths.callback);
        settings
            .providers
            .iter()
            .map(|provider| {
                let mut profile = Profile::by_id(&provider.profile).ok_or_else(|| {
                    BuildError::UnknownProfile {
                        provider: provider.id.clone(),
                        profile: provider.profile.clone(),
                    }
                })?;
                if let Some(grace) = provider.grace {
                    profile.reuse = Reuse::Grace(grace);
                }
                Ok(ProviderClient {
                    settings: provider.clone(),
                    profile,
                    redirect_uri: redirect_uri.clone(),
                    http: http.clone(),
                    learned: Mutex::new(None),
                    reuse_override: RwLock::default(),
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The provider with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&ProviderClient> {
        self.iter().find(|provider| provider.settings.id == id)
    }

    /// Fetches the providers' metadata before they are needed. A provider that
    /// does not answer is asked again when a user signs in.
    pub(crate) async fn discover(&self) {
        for provider in self.iter() {
            if let Err(error) = provider.metadata().await {
                tracing::warn!(provider = %provider.settings.id, %error, "a provider's metadata cannot be fetched yet");
            }
        }
    }

    /// Returns the rule for the refresh tokens of this provider; the strictest
    /// when the provider is unknown.
    pub(crate) fn reuse_rule(&self, id: &str) -> Reuse {
        self.get(id).map_or(Reuse::Strict, ProviderClient::reuse)
    }

    /// All of them, in the configured order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, ProviderClient> {
        self.0.iter()
    }
}

impl ProviderClient {
    /// Whether pages have tokens of it, and so speak to it themselves.
    pub(crate) fn is_asked_by_pages(&self) -> bool {
        self.settings.mediated || self.settings.public_client_id.is_some()
    }

    /// What we take it to do with a refresh token that it has seen before: as
    /// its profile says, or as we were told since.
    pub(crate) fn reuse(&self) -> Reuse {
        let reuse_override = self
            .reuse_override
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        reuse_override.unwrap_or(self.profile.reuse)
    }

    /// Takes this to be so from now on; none for what the profile says.
    pub(crate) fn override_reuse(&self, reuse: Option<Reuse>) {
        *self
            .reuse_override
            .write()
            .unwrap_or_else(PoisonError::into_inner) = reuse;
    }

    /// Whether we are a client of this kind with it.
    pub(crate) fn serves(&self, kind: ClientKind) -> bool {
        kind == ClientKind::BFF || kind == ClientKind::MEDIATED && self.settings.mediated
    }
}

/// Our redirect URI.
fn redirect_uri(public_url: &Url, callback: &str) -> String {
    let base = public_url.as_str().trim_end_matches('/');
    format!("{base}{callback}")
}
