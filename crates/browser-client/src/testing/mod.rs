//! Models of a browser and of a provider, and a client's settings.

pub(crate) mod browser_model;
pub(crate) mod provider_model;

use crate::{
    ApiPrefix, AuthorizationResponse, ProviderProfile, PublicClient, Settings, Storage,
    TokenBinding,
};
use browser_model::Tab;
use confidant_wire::{Exchange, Party, UnixMillis};

/// Settings that fit the model of a provider.
pub(crate) fn settings() -> Settings {
    Settings {
        issuer: "http://localhost:1".into(),
        client_id: "spa".into(),
        redirect_uri: "http://app.test/callback".into(),
        scopes: vec!["openid".into(), "offline_access".into()],
        storage: Storage::Local,
        binding: TokenBinding::Bearer,
        profile: ProviderProfile::generic(),
        apis: vec![ApiPrefix::new("http://localhost:1/api").unwrap()],
        namespace: "browser".into(),
        post_logout_redirect_uri: None,
    }
}

/// Starts a sign-in, and returns the provider's response.
pub(crate) async fn authorize(
    client: &PublicClient<Tab>,
    return_to: &str,
) -> AuthorizationResponse {
    let (code, state) = provider_model::code(&client.start(return_to).await.unwrap());
    AuthorizationResponse {
        code: Some(code),
        state: Some(state),
        ..AuthorizationResponse::default()
    }
}

/// Signs in.
pub(crate) async fn sign_in(client: &PublicClient<Tab>) {
    let response = authorize(client, "/").await;
    client.finish(&response).await.unwrap();
}

/// Returns an exchange of the page with the provider, sent at this time.
pub(crate) fn sent_at(at: UnixMillis) -> Exchange {
    Exchange {
        id: 0,
        from: Party::Browser,
        to: Party::Provider,
        at,
        took: 1,
        method: "GET".into(),
        path: "/".into(),
        sent: Vec::new(),
        status: None,
        received: Vec::new(),
        bytes: None,
    }
}
