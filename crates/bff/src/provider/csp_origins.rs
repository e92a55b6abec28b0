//! The origins that a page's content security policy must name.

use super::{ProviderClient, Providers};
use crate::settings::{Api, Endpoints};
use std::collections::BTreeSet;
use url::Url;

/// The origins of the authorization endpoints. An issuer stands in for an
/// endpoint that is not known yet.
pub(crate) fn of_authorization(providers: &Providers) -> Vec<String> {
    let origins: BTreeSet<_> = providers.iter().flat_map(origins).collect();
    origins.into_iter().collect()
}

/// The origins that pages call themselves: the APIs', and those of the
/// endpoints of providers where the pages are public clients or get tokens
/// from a token-mediating backend.
pub(crate) fn of_pages(providers: &Providers, apis: &[Api]) -> Vec<String> {
    let is_called = |provider: &&ProviderClient| provider.is_asked_by_pages();
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
        .flat_map(|provider| used_by_pages(provider));
    let origins: BTreeSet<_> = endpoints.chain(apis).collect();
    origins.into_iter().collect()
}

fn origins(provider: &ProviderClient) -> impl Iterator<Item = String> {
    let written = match &provider.settings.endpoints {
        Endpoints::Discover(issuer) => Url::parse(issuer).ok(),
        Endpoints::Fixed(fixed) => Some(fixed.authorization_endpoint.clone()),
    };
    let known = provider
        .known()
        .map(|metadata| metadata.endpoints.authorization_endpoint.clone());
    [written, known]
        .into_iter()
        .flatten()
        .map(|url| origin(&url))
}

fn used_by_pages(provider: &ProviderClient) -> impl Iterator<Item = String> {
    let issuer = provider.settings.endpoints.issuer();
    let issuer = issuer.and_then(|issuer| Url::parse(issuer).ok());
    let known = provider.known().into_iter().flat_map(|metadata| {
        let endpoints = &metadata.endpoints;
        [
            Some(endpoints.token_endpoint.clone()),
            endpoints.userinfo_endpoint.clone(),
            endpoints.revocation_endpoint.clone(),
            metadata.tokeninfo_endpoint.clone(),
        ]
    });
    known
        .chain([issuer])
        .flatten()
        .map(|url| origin(&url))
        .collect::<Vec<_>>()
        .into_iter()
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
