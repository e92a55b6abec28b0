//! The list of providers for pages and users.

use super::{
    client::{ProviderClient, Providers},
    metadata::Metadata,
};
use crate::settings::{Api, Settings};
use confidant_wire::{Claims, ProviderView, PublicClient};
use url::Url;

/// Lists the configured providers.
pub(crate) fn providers(providers: &Providers, settings: &Settings) -> Vec<ProviderView> {
    let view = |provider: &ProviderClient| ProviderView {
        id: provider.settings.id.clone(),
        name: provider.settings.name.clone(),
        mediated: provider.settings.mediated,
        faults: false,
        userinfo_endpoint: userinfo_for_pages(provider),
        public: public_client(provider, &settings.apis),
        end_session_url: provider
            .cached_metadata()
            .and_then(|metadata| end_session_url(provider, &metadata, &settings.public_url)),
    };
    providers.iter().map(view).collect()
}

fn public_client(provider: &ProviderClient, apis: &[Api]) -> Option<PublicClient> {
    let settings = &provider.settings;
    let accepts_its_tokens = |api: &&Api| api.provider == settings.id;
    let apis = apis.iter().filter(accepts_its_tokens);
    Some(PublicClient {
        client_id: settings.public_client_id.clone()?,
        issuer: settings.endpoints.issuer()?.to_owned(),
        scopes: settings.scopes.clone(),
        apis: apis.map(|api| api.upstream.to_string()).collect(),
        profile: match serde_json::to_value(&provider.profile) {
            Ok(serde_json::Value::Object(profile)) => profile,
            _ => Claims::new(),
        },
    })
}

/// Returns where a user signs out at the provider itself (OpenID Connect
/// RP-Initiated Logout 1.0), if the provider supports that.
pub(crate) fn end_session_url(
    provider: &ProviderClient,
    metadata: &Metadata,
    public_url: &Url,
) -> Option<String> {
    let mut url = metadata.endpoints.end_session_endpoint.clone()?;
    url.query_pairs_mut()
        .append_pair("client_id", &provider.settings.client_id)
        .append_pair("post_logout_redirect_uri", public_url.as_str());
    Some(url.into())
}

fn userinfo_for_pages(provider: &ProviderClient) -> Option<String> {
    let metadata = provider
        .cached_metadata()
        .filter(|_| provider.is_called_by_pages())?;
    metadata
        .endpoints
        .userinfo_endpoint
        .clone()
        .map(String::from)
}
