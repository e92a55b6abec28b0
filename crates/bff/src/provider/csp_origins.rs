//! Where sign-ins lead, before anybody signs in.

use super::ProviderClient;
use crate::{bff::Bff, settings::Endpoints};
use std::collections::BTreeSet;
use url::Url;

impl Bff {
    /// The origins of the providers' authorization endpoints, which a page's
    /// `form-action` has to name: browsers hold the redirect that follows a
    /// form against it. An issuer stands in for an endpoint that is not known
    /// yet.
    pub fn authorization_origins(&self) -> Vec<String> {
        let origins: BTreeSet<_> = self.0.providers.iter().flat_map(origins).collect();
        origins.into_iter().collect()
    }

    /// Our own origin.
    pub fn public_origin(&self) -> String {
        origin(&self.0.settings.public_url)
    }

    /// The origins to which pages speak by themselves: the APIs', and those of
    /// the endpoints of providers where the pages are clients, public ones or
    /// of a token-mediating backend.
    pub fn page_origins(&self) -> Vec<String> {
        let spoken_to = |provider: &&ProviderClient| provider.is_asked_by_pages();
        let providers: Vec<_> = self.0.providers.iter().filter(spoken_to).collect();
        let apis = self.0.settings.apis.iter();
        let apis = apis
            .filter(|api| providers.iter().any(|it| it.settings.id == api.provider))
            .map(|api| origin(&api.upstream));
        let endpoints = providers
            .iter()
            .flat_map(|provider| used_by_pages(provider));
        let origins: BTreeSet<_> = endpoints.chain(apis).collect();
        origins.into_iter().collect()
    }

    /// Learns the providers' endpoints before they are needed. A provider that
    /// does not answer is asked again when somebody signs in.
    pub async fn discover(&self) {
        for provider in self.0.providers.iter() {
            if let Err(error) = provider.metadata().await {
                tracing::warn!(provider = %provider.settings.id, %error, "a provider's metadata could not be had yet");
            }
        }
    }
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
