//! The configured providers, and what is known of each.

use super::{
    fetch,
    jose::KeySet,
    live_document::LiveDocument,
    metadata::{Metadata, MetadataError, nonsense},
};
use crate::{
    http_client::HttpClient,
    settings::{Provider, Settings},
};
use confidant_protocol::{ProviderProfile, Reuse, provider_profile::ClientAuthentication};
use confidant_wire::ClientKind;
use futures::future::join_all;
use std::sync::{Arc, PoisonError, RwLock};
use url::{Url, form_urlencoded};

/// A configured provider, and what this process has learned about it.
pub(crate) struct ProviderClient {
    /// Its settings.
    pub(crate) settings: Provider,
    /// How it behaves where the standards leave it open.
    pub(crate) profile: ProviderProfile,
    pub(super) redirect_uri: String,
    pub(super) http: HttpClient,
    metadata: LiveDocument<Metadata>,
    /// The keys that sign its ID tokens.
    keys: LiveDocument<KeySet>,
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
        let redirect_uri = RedirectUri {
            public_url: &settings.public_url,
            callback: &settings.paths.callback,
        };
        settings
            .providers
            .iter()
            .map(|provider| {
                Ok(ProviderClient {
                    settings: provider.clone(),
                    profile: profile(provider)?,
                    redirect_uri: match provider.own_callback {
                        true => redirect_uri.own(&provider.id),
                        false => redirect_uri.shared(),
                    },
                    http: http_client_of(provider, http),
                    metadata: LiveDocument::new(http.clock().clone()),
                    keys: LiveDocument::new(http.clock().clone()),
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

    /// Fetches the metadata and keys of all providers, so that the first user
    /// need not wait for them. If a provider does not respond, the first sign-in
    /// tries again.
    pub(crate) async fn discover(&self) {
        join_all(self.iter().map(ProviderClient::discover)).await;
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
    async fn discover(&self) {
        let discovered = async {
            let metadata = self.metadata().await?;
            match metadata.endpoints.jwks_uri {
                Some(_) => self.keys(&metadata).await.map(|_| ()),
                None => Ok(()),
            }
        };
        if let Err(error) = discovered.await {
            let provider = &self.settings.id;
            tracing::warn!(%provider, %error, "the provider's metadata cannot be fetched yet");
        }
    }

    /// Returns the provider's metadata, fetched by the first caller and again
    /// when they are too old.
    ///
    /// # Errors
    /// If there are none and they cannot be fetched. The next call tries again.
    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        let fetch = || fetch::metadata(self.http.clone(), self.settings.clone());
        self.metadata.get(fetch).await
    }

    /// Returns the metadata that were fetched last, without waiting.
    pub(crate) fn cached_metadata(&self) -> Option<Arc<Metadata>> {
        self.metadata.last()
    }

    /// Lets the next call fetch the metadata again, because an endpoint is not
    /// where they say.
    pub(crate) fn expire_metadata(&self) {
        self.metadata.expire();
    }

    /// Returns the keys that sign the provider's tokens.
    ///
    /// # Errors
    /// If there are none and they cannot be fetched.
    pub(super) async fn keys(&self, metadata: &Metadata) -> Result<Arc<KeySet>, MetadataError> {
        let uri = jwks_uri(metadata)?;
        let fetch = || fetch::keys(self.http.clone(), uri);
        self.keys.get(fetch).await
    }

    /// Returns keys that are newer than these, which lack one.
    ///
    /// # Errors
    /// If they cannot be fetched.
    pub(super) async fn newer_keys(
        &self,
        metadata: &Metadata,
        known: &Arc<KeySet>,
    ) -> Result<Arc<KeySet>, MetadataError> {
        let uri = jwks_uri(metadata)?;
        let fetch = || fetch::keys(self.http.clone(), uri);
        self.keys.newer_than(known, fetch).await
    }

    /// Returns the name at the end of its redirect URI, if that is its own.
    pub(crate) fn callback_name(&self) -> Option<&str> {
        let id = self.settings.id.as_str();
        self.settings.own_callback.then_some(id)
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

fn jwks_uri(metadata: &Metadata) -> Result<Url, MetadataError> {
    let uri = metadata.endpoints.jwks_uri.clone();
    uri.ok_or_else(|| nonsense("there is no jwks_uri"))
}

/// Returns the client for requests to this provider.
fn http_client_of(provider: &Provider, http: &HttpClient) -> HttpClient {
    let issuer = provider.endpoints.issuer();
    let issuer = issuer.and_then(|issuer| Url::parse(issuer).ok());
    match (issuer, &provider.backchannel_url) {
        (Some(issuer), Some(url)) => http.clone().with_backchannel(&issuer, url.clone()),
        _ => http.clone(),
    }
}

/// The redirect URIs of an application.
struct RedirectUri<'a> {
    public_url: &'a Url,
    callback: &'a str,
}

impl RedirectUri<'_> {
    /// Returns the one that providers share.
    fn shared(&self) -> String {
        let base = self.public_url.as_str().trim_end_matches('/');
        format!("{base}{}", self.callback)
    }

    /// Returns the one of this provider alone.
    fn own(&self, provider: &str) -> String {
        let id: String = form_urlencoded::byte_serialize(provider.as_bytes()).collect();
        format!("{}/{id}", self.shared())
    }
}
