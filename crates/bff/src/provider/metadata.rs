//! A provider's endpoints and keys, by discovery or as written down.

use super::{DEADLINE, ProviderClient};
use crate::{
    http_client::{Call, RequestContext, TransportError},
    settings::{Endpoints, FixedEndpoints},
};
use confidant_wire::Party;
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, JsonWebKeySetUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use url::Url;

/// Where a provider's endpoints are, and its keys.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    /// The endpoints.
    pub endpoints: FixedEndpoints,
    /// Google's way to ask about a token.
    pub tokeninfo_endpoint: Option<Url>,
    /// Whether every authorization response names its issuer (RFC 9207).
    pub names_issuer: bool,
    /// The keys that sign ID tokens.
    pub keys: CoreJsonWebKeySet,
}

/// The endpoints could not be learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// The provider does not answer.
    #[error("the provider does not answer")]
    Unavailable,
    /// Its answer makes no sense.
    #[error("the provider's metadata make no sense: {0}")]
    Nonsense(String),
}

/// What OpenID Connect Discovery leaves to other specifications.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Additional {
    introspection_endpoint: Option<Url>,
    revocation_endpoint: Option<Url>,
    end_session_endpoint: Option<Url>,
    tokeninfo_endpoint: Option<Url>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Additional {}

type Discovered = ProviderMetadata<
    Additional,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

impl ProviderClient {
    /// The provider's metadata, fetched when they are first needed.
    ///
    /// # Errors
    /// When they cannot be had. The next call tries again.
    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        let mut learned = self.learned.lock().await;
        if let Some(known) = &*learned {
            return Ok(known.clone());
        }
        let found = Arc::new(self.learn().await?);
        *learned = Some(found.clone());
        Ok(found)
    }

    /// The metadata, if they are known already.
    pub(crate) fn known(&self) -> Option<Arc<Metadata>> {
        self.learned.try_lock().ok()?.clone()
    }

    /// Forgets what was learned: the provider may have new keys.
    pub(crate) async fn forget(&self) {
        *self.learned.lock().await = None;
    }

    async fn learn(&self) -> Result<Metadata, MetadataError> {
        let leg = RequestContext {
            to: Party::Provider,
            grant: None,
            deadline: DEADLINE,
        };
        let call = Call::new(&self.http, leg);
        match &self.settings.endpoints {
            Endpoints::Discover(issuer) => {
                let issuer = IssuerUrl::new(issuer.clone())
                    .map_err(|error| MetadataError::Nonsense(error.to_string()))?;
                let found = Discovered::discover_async(issuer, &call)
                    .await
                    .map_err(failed)?;
                from_discovery(&found)
            }
            Endpoints::Fixed(endpoints) => {
                let keys = match &endpoints.jwks_uri {
                    Some(uri) => CoreJsonWebKeySet::fetch_async(
                        &JsonWebKeySetUrl::from_url(uri.clone()),
                        &call,
                    )
                    .await
                    .map_err(failed)?,
                    None => CoreJsonWebKeySet::default(),
                };
                Ok(Metadata {
                    endpoints: (**endpoints).clone(),
                    tokeninfo_endpoint: None,
                    names_issuer: false,
                    keys,
                })
            }
        }
    }
}

fn from_discovery(found: &Discovered) -> Result<Metadata, MetadataError> {
    let more = found.additional_metadata();
    let token_endpoint = found
        .token_endpoint()
        .ok_or_else(|| MetadataError::Nonsense("no token endpoint".into()))?;
    let metadata = Metadata {
        endpoints: FixedEndpoints {
            issuer: Some(found.issuer().to_string()),
            authorization_endpoint: found.authorization_endpoint().url().clone(),
            token_endpoint: token_endpoint.url().clone(),
            userinfo_endpoint: found.userinfo_endpoint().map(|u| u.url().clone()),
            introspection_endpoint: more.introspection_endpoint.clone(),
            revocation_endpoint: more.revocation_endpoint.clone(),
            end_session_endpoint: more.end_session_endpoint.clone(),
            jwks_uri: Some(found.jwks_uri().url().clone()),
        },
        tokeninfo_endpoint: more.tokeninfo_endpoint.clone(),
        names_issuer: more.authorization_response_iss_parameter_supported,
        keys: found.jwks().clone(),
    };
    match insecure(&metadata.endpoints) {
        Some(url) => Err(MetadataError::Nonsense(format!("{url} is not https"))),
        None => Ok(metadata),
    }
}

/// The first endpoint that secrets would reach in the clear: http, and not on
/// this machine.
fn insecure(endpoints: &FixedEndpoints) -> Option<&Url> {
    [
        Some(&endpoints.authorization_endpoint),
        Some(&endpoints.token_endpoint),
        endpoints.userinfo_endpoint.as_ref(),
        endpoints.introspection_endpoint.as_ref(),
        endpoints.revocation_endpoint.as_ref(),
        endpoints.end_session_endpoint.as_ref(),
    ]
    .into_iter()
    .flatten()
    .find(|url| url.scheme() != "https" && !is_loopback(url))
}

/// Whether the URL points at this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn failed(error: DiscoveryError<TransportError>) -> MetadataError {
    match error {
        DiscoveryError::Request(_) => MetadataError::Unavailable,
        DiscoveryError::Response(status, ..) if status.is_server_error() => {
            MetadataError::Unavailable
        }
        other => MetadataError::Nonsense(other.to_string()),
    }
}
