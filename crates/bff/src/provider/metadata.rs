//! A provider's endpoints and keys, from discovery or from the configuration.

use crate::{
    http_client::{Call, HttpClient, RequestContext, TransportError},
    settings::{Endpoints, FixedEndpoints},
};
use confidant_protocol::loopback::is_loopback;
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
use url::Url;

/// A provider's endpoints and keys.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    /// The endpoints.
    pub(crate) endpoints: FixedEndpoints,
    /// Google's endpoint that validates access tokens.
    pub(crate) tokeninfo_endpoint: Option<Url>,
    /// Whether every authorization response names its issuer (RFC 9207).
    pub(crate) names_issuer: bool,
    /// How clients may authenticate at the token endpoint; empty if the metadata
    /// do not say.
    pub(crate) client_authentication_methods: Vec<String>,
    /// The keys that sign ID tokens.
    pub(crate) keys: CoreJsonWebKeySet,
}

/// Why a provider's metadata cannot be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// The provider does not respond.
    #[error("the provider does not respond")]
    Unavailable,
    /// The metadata are malformed or contradictory.
    #[error("the provider's metadata make no sense: {0}")]
    Nonsense(String),
}

/// Members that OpenID Connect Discovery leaves to other specifications.
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

/// Fetches the metadata of a provider with these endpoints.
pub(super) async fn fetch(
    http: &HttpClient,
    context: RequestContext<'_>,
    endpoints: &Endpoints,
) -> Result<Metadata, MetadataError> {
    let call = Call::new(http, context);
    match endpoints {
        Endpoints::Discover(issuer) => {
            let issuer = IssuerUrl::new(issuer.clone())
                .map_err(|error| MetadataError::Nonsense(error.to_string()))?;
            let discovered = Discovered::discover_async(issuer, &call);
            from_discovery(&discovered.await.map_err(metadata_error)?)
        }
        Endpoints::Fixed(endpoints) => {
            let keys = match &endpoints.jwks_uri {
                Some(uri) => {
                    let uri = JsonWebKeySetUrl::from_url(uri.clone());
                    let keys = CoreJsonWebKeySet::fetch_async(&uri, &call);
                    keys.await.map_err(metadata_error)?
                }
                None => CoreJsonWebKeySet::default(),
            };
            Ok(Metadata {
                endpoints: (**endpoints).clone(),
                tokeninfo_endpoint: None,
                names_issuer: false,
                client_authentication_methods: Vec::new(),
                keys,
            })
        }
    }
}

fn from_discovery(discovered: &Discovered) -> Result<Metadata, MetadataError> {
    let additional = discovered.additional_metadata();
    let token_endpoint = discovered
        .token_endpoint()
        .ok_or_else(|| MetadataError::Nonsense("no token endpoint".into()))?;
    let metadata = Metadata {
        endpoints: FixedEndpoints {
            issuer: Some(discovered.issuer().to_string()),
            authorization_endpoint: discovered.authorization_endpoint().url().clone(),
            token_endpoint: token_endpoint.url().clone(),
            userinfo_endpoint: discovered.userinfo_endpoint().map(|u| u.url().clone()),
            introspection_endpoint: additional.introspection_endpoint.clone(),
            revocation_endpoint: additional.revocation_endpoint.clone(),
            end_session_endpoint: additional.end_session_endpoint.clone(),
            jwks_uri: Some(discovered.jwks_uri().url().clone()),
        },
        tokeninfo_endpoint: additional.tokeninfo_endpoint.clone(),
        client_authentication_methods: discovered
            .token_endpoint_auth_methods_supported()
            .into_iter()
            .flatten()
            .map(|method| method.as_ref().to_owned())
            .collect(),
        names_issuer: additional.authorization_response_iss_parameter_supported,
        keys: discovered.jwks().clone(),
    };
    match first_insecure(&metadata.endpoints) {
        Some(url) => Err(MetadataError::Nonsense(format!("{url} is not https"))),
        None => Ok(metadata),
    }
}

/// Returns the first endpoint that would receive secrets in plain text: one
/// that is neither https nor on this machine.
fn first_insecure(endpoints: &FixedEndpoints) -> Option<&Url> {
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
    .find(|url| !is_secure(url))
}

fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || url.host_str().is_some_and(is_loopback)
}

fn metadata_error(error: DiscoveryError<TransportError>) -> MetadataError {
    match error {
        DiscoveryError::Request(_) => MetadataError::Unavailable,
        DiscoveryError::Response(status, ..) if status.is_server_error() => {
            MetadataError::Unavailable
        }
        other => MetadataError::Nonsense(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_protocol::cases::loopback::{LOOPBACK, OTHER};

    /// Returns whether http is allowed on this host; `None` if it is no host of
    /// a URL.
    fn allows_http_on(host: &str) -> Option<bool> {
        let url = Url::parse(&format!("http://{host}/")).ok()?;
        // The URL parser rewrites hosts such as `127.1`.
        (url.host_str() == Some(&host.to_lowercase())).then(|| is_secure(&url))
    }

    #[test]
    fn plain_http_is_allowed_on_this_machine_only() {
        for host in LOOPBACK {
            assert_ne!(allows_http_on(host), Some(false), "{host}");
        }
        for host in OTHER {
            assert_ne!(allows_http_on(host), Some(true), "{host}");
        }
        assert_eq!(allows_http_on("app.localhost"), Some(true));
        assert_eq!(allows_http_on("[::1]"), Some(true));
        assert_eq!(allows_http_on("10.0.0.1"), Some(false));
    }
}
