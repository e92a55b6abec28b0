//! The origins that a page's content security policy must allow.

use super::client::{ProviderClient, Providers};
use crate::settings::{Api, Endpoints};
use std::collections::BTreeSet;
use url::Url;

/// Returns the origins of the authorization endpoints. While an endpoint has
/// not been discovered, its issuer takes its place.
pub(crate) fn of_authorization(providers: &Providers) -> Vec<String> {
    let origins: BTreeSet<_> = providers.iter().flat_map(authorization_origins).collect();
    origins.into_iter().collect()
}

/// Returns the origins that pages call themselves: those of the APIs, and those
/// of providers where the pages are public clients or get tokens from the
/// token-mediating backend.
pub(crate) fn of_pages(providers: &Providers, apis: &[Api]) -> Vec<String> {
    let is_called = |provider: &&ProviderClient| provider.is_called_by_pages();
    let providers: Vec<_> = providers.iter().filter(is_called).collect();
    let apis = apis
        .iter()
        .filter(|api| {
            providers
                .iter()
                .any(|provider| provider.settings.id == api.provider)
        })
        .map(|api| origin(&api.upstream));
    let endpoints = providers
        .iter()
        .flat_map(|provider| called_by_pages(provider));
    let origins: BTreeSet<_> = endpoints.chain(apis).collect();
    origins.into_iter().collect()
}

fn authorization_origins(provider: &ProviderClient) -> impl Iterator<Item = String> {
    let configured = match &provider.settings.endpoints {
        Endpoints::Discover(issuer) => Url::parse(issuer).ok(),
        Endpoints::Fixed(fixed) => Some(fixed.authorization_endpoint.clone()),
    };
    let discovered = provider
        .cached_metadata()
        .map(|metadata| metadata.endpoints.authorization_endpoint.clone());
    [configured, discovered]
        .into_iter()
        .flatten()
        .chain(provider.settings.form_action.iter().cloned())
        .map(|url| origin(&url))
}

fn called_by_pages(provider: &ProviderClient) -> impl Iterator<Item = String> {
    let issuer = provider.settings.endpoints.issuer();
    let issuer = issuer.and_then(|issuer| Url::parse(issuer).ok());
    let discovered = provider.cached_metadata().into_iter().flat_map(|metadata| {
        let endpoints = &metadata.endpoints;
        [
            Some(endpoints.token_endpoint.clone()),
            endpoints.userinfo_endpoint.clone(),
            endpoints.revocation_endpoint.clone(),
            metadata.tokeninfo_endpoint.clone(),
        ]
    });
    discovered
        .chain([issuer])
        .flatten()
        .map(|url| origin(&url))
        .collect::<Vec<_>>()
        .into_iter()
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
