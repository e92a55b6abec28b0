//! The configured providers, and what is known of each.

use super::{
    context,
    metadata::{self, Metadata, MetadataError},
};
use crate::{
    http_client::HttpClient,
    settings::{Provider, Settings},
};
use confidant_protocol::{ProviderProfile, Reuse, provider_profile::ClientAuthentication};
use confidant_wire::ClientKind;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;
use url::Url;

/// A configured provider, and what this process has learned about it.
pub(crate) struct ProviderClient {
    /// Its settings.
    pub(crate) settings: Provider,
    /// How it behaves where the standards leave it open.
    pub(crate) profile: ProviderProfile,
    pub(super) redirect_uri: String,
    pub(super) http: HttpClient,
    metadata: Mutex<Option<Arc<Metadata>>>,
    /// Replaces the rule of the profile.
    reuse_override: RwLock<Option<Reuse>>,
}

/// The configured providers.
#[derive(Clone)]
pub(crate) struct Providers(Arc<[ProviderClient]>);

/// A provider names a profile that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("provider {provider}: there is no profile {profile:?}: expected one of {}", ProviderProfile::IDS.join(", "))]
pub struct UnknownProfile {
    /// The id of the provider.
    pub provider: String,
    /// The profile it names.
    pub profile: String,
}

impl Providers {
    /// Creates a client of each provider in the settings.
    ///
    /// # Errors
    /// If a provider names a profile that does not exist.
    pub(crate) fn new(settings: &Settings, http: &HttpClient) -> Result<Self, UnknownProfile> {
        let redirect_uri = redirect_uri(&settings.public_url, &settings.paths.callback);
        settings
            .providers
            .iter()
            .map(|provider| {
                Ok(ProviderClient {
                    settings: provider.clone(),
                    profile: profile(provider)?,
                    redirect_uri: redirect_uri.clone(),
                    http: http.clone(),
                    metadata: Mutex::default(),
                    reuse_override: RwLock::default(),
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Returns the provider with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&ProviderClient> {
        self.iter().find(|provider| provider.settings.id == id)
    }

    /// Fetches the metadata of all providers, so that the first user need not
    /// wait for them. If a provider does not respond, the first sign-in tries
    /// again.
    pub(crate) async fn discover(&self) {
        for provider in self.iter() {
            if let Err(error) = provider.metadata().await {
                let provider = &provider.settings.id;
                tracing::warn!(%provider, %error, "the provider's metadata cannot be fetched yet");
            }
        }
    }

    /// Returns the rule for the refresh tokens of this provider; the strictest
    /// if the provider is unknown.
    pub(crate) fn reuse_rule(&self, id: &str) -> Reuse {
        self.get(id).map_or(Reuse::Strict, ProviderClient::reuse)
    }

    /// Iterates over the providers in the configured order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, ProviderClient> {
        self.0.iter()
    }
}

impl ProviderClient {
    /// Returns the provider's metadata. The first call fetches them.
    ///
    /// # Errors
    /// If the metadata cannot be fetched. The next call tries again.
    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        let mut cached = self.metadata.lock().await;
        if let Some(metadata) = &*cached {
            return Ok(metadata.clone());
        }
        let context = context::about_no_grant();
        let fetched = metadata::fetch(&self.http, context, &self.settings.endpoints).await?;
        let fetched = Arc::new(fetched);
        *cached = Some(fetched.clone());
        Ok(fetched)
    }

    /// Returns the metadata if they have been fetched.
    pub(crate) fn cached_metadata(&self) -> Option<Arc<Metadata>> {
        self.metadata.try_lock().ok()?.clone()
    }

    /// Discards the metadata, because the provider may have new keys.
    pub(crate) async fn discard_metadata(&self) {
        *self.metadata.lock().await = None;
    }

    /// Whether pages call this provider themselves, with tokens of their own.
    pub(crate) fn is_called_by_pages(&self) -> bool {
        self.settings.mediated || self.settings.public_client_id.is_some()
    }

    /// Returns what the provider does with a refresh token that it has seen
    /// before: the override, or else the rule of its profile.
    pub(crate) fn reuse(&self) -> Reuse {
        let reuse_override = self
            .reuse_override
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        reuse_override.unwrap_or(self.profile.reuse)
    }

    /// Replaces the profile's rule from now on; `None` restores it.
    pub(crate) fn override_reuse(&self, reuse: Option<Reuse>) {
        *self
            .reuse_override
            .write()
            .unwrap_or_else(PoisonError::into_inner) = reuse;
    }

    /// Returns how the client authenticates at the token endpoint: as the profile
    /// says, or else as the metadata say.
    pub(super) fn client_authentication(&self, metadata: &Metadata) -> ClientAuthentication {
        self.profile.client_authentication.unwrap_or_else(|| {
            ClientAuthentication::from_metadata(&metadata.client_authentication_methods)
        })
    }

    /// Whether the backend is a client of this kind with the provider.
    pub(crate) fn serves(&self, kind: ClientKind) -> bool {
        kind == ClientKind::BFF || kind == ClientKind::MEDIATED && self.settings.mediated
    }
}

/// Returns the profile that the settings name, with what they override.
fn profile(settings: &Provider) -> Result<ProviderProfile, UnknownProfile> {
    let custom = settings.custom_profile.clone();
    let mut profile = custom
        .or_else(|| ProviderProfile::by_id(&settings.profile))
        .ok_or_else(|| UnknownProfile {
            provider: settings.id.clone(),
            profile: settings.profile.clone(),
        })?;
    if let Some(grace) = settings.grace {
        profile.reuse = Reuse::Grace(grace);
    }
    profile
        .authorize_params
        .extend(settings.authorize_params.clone());
    Ok(profile)
}

fn redirect_uri(public_url: &Url, callback: &str) -> String {
    let base = public_url.as_str().trim_end_matches('/');
    format!("{base}{callback}")
}
