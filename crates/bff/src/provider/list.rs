//! What people and pages are told of the providers.

use super::{Metadata, ProviderClient};
use crate::{bff::Bff, settings::Api};
use confidant_wire::{ProviderView, PublicClient};

impl Bff {
    /// The providers on offer.
    pub fn providers(&self) -> Vec<ProviderView> {
        let view = |provider: &ProviderClient| ProviderView {
            id: provider.settings.id.clone(),
            name: provider.settings.name.clone(),
            mediated: provider.settings.mediated,
            faults: false,
            userinfo_endpoint: userinfo_for_pages(provider),
            public: self.public_client(provider),
            end_session_url: provider
                .known()
                .and_then(|metadata| self.end_session_url(provider, &metadata)),
        };
        self.0.providers.iter().map(view).collect()
    }

    fn public_client(&self, provider: &ProviderClient) -> Option<PublicClient> {
        let settings = &provider.settings;
        let takes_its_tokens = |api: &&Api| api.provider == settings.id;
        let apis = self.0.settings.apis.iter().filter(takes_its_tokens);
        Some(PublicClient {
            client_id: settings.public_client_id.clone()?,
            issuer: settings.endpoints.issuer()?.to_owned(),
            scopes: settings.scopes.clone(),
            apis: apis.map(|api| api.upstream.to_string()).collect(),
        })
    }

    /// Where one signs out at the provider itself (OpenID Connect RP-Initiated
    /// Logout 1.0), if it has that.
    pub(crate) fn end_session_url(
        &self,
        provider: &ProviderClient,
        metadata: &Metadata,
    ) -> Option<String> {
        let mut url = metadata.endpoints.end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("client_id", &provider.settings.client_id)
            .append_pair(
                "post_logout_redirect_uri",
                self.0.settings.public_url.as_str(),
            );
        Some(url.into())
    }
}

fn userinfo_for_pages(provider: &ProviderClient) -> Option<String> {
    let metadata = provider.known().filter(|_| provider.is_asked_by_pages())?;
    metadata
        .endpoints
        .userinfo_endpoint
        .clone()
        .map(String::from)
}
