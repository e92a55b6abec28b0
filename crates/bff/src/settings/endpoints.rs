//! Where a provider is.

use confidant_protocol::{ProviderProfile, provider_profile::ProfileEndpoints};
use url::Url;

/// How a provider's endpoints are found.
#[derive(Clone, Debug)]
pub enum Endpoints {
    /// By discovery (OpenID Connect Discovery 1.0) under this issuer.
    Discover(String),
    /// From the configuration, for providers without discovery.
    Fixed(Box<FixedEndpoints>),
}

impl Endpoints {
    /// Returns the endpoints that a profile names. `None` if they differ between
    /// tenants or installations.
    pub fn of_profile(profile: &ProviderProfile) -> Option<Self> {
        match profile.endpoints {
            ProfileEndpoints::Configured => None,
            ProfileEndpoints::Issuer(issuer) => Some(Self::Discover(issuer.to_owned())),
            ProfileEndpoints::Fixed {
                issuer,
                authorization,
                token,
                userinfo,
                revocation,
            } => Some(Self::Fixed(Box::new(FixedEndpoints {
                issuer: issuer.map(str::to_owned),
                authorization_endpoint: Url::parse(authorization).ok()?,
                token_endpoint: Url::parse(token).ok()?,
                userinfo_endpoint: Url::parse(userinfo).ok(),
                introspection_endpoint: None,
                revocation_endpoint: revocation.and_then(|url| Url::parse(url).ok()),
                end_session_endpoint: None,
                jwks_uri: None,
            }))),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_has_valid_addresses() {
        for id in ProviderProfile::IDS {
            let profile = ProviderProfile::by_id(id).unwrap();
            let revocation = match profile.endpoints {
                ProfileEndpoints::Configured => continue,
                ProfileEndpoints::Issuer(_) => None,
                ProfileEndpoints::Fixed { revocation, .. } => revocation,
            };
            let endpoints = Endpoints::of_profile(&profile).unwrap();
            if let Endpoints::Fixed(fixed) = endpoints {
                assert!(fixed.userinfo_endpoint.is_some(), "{id}");
                assert_eq!(
                    fixed.revocation_endpoint.is_some(),
                    revocation.is_some(),
                    "{id}"
                );
                assert_eq!(fixed.token_endpoint.scheme(), "https", "{id}");
            }
        }
    }
}
