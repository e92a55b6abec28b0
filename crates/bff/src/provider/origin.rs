//! Where sign-ins lead, before anybody signs in.

use super::Provider;
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

fn origins(provider: &Provider) -> impl Iterator<Item = String> {
    let written = match &provider.settings.endpoints {
        Endpoints::Discover(issuer) => Url::parse(issuer).ok(),
        Endpoints::Fixed(fixed) => Some(fixed.authorization_endpoint.clone()),
    };
    let known = provider
        .known()
        .map(|metadata| metadata.endpoints.authorization_endpoint.clone());
    let origin = |url: Url| url.origin().ascii_serialization();
    [written, known].into_iter().flatten().map(origin)
}
