//! The client in a world made for tests.

mod provider;
mod refresh;
mod sign_in;
mod world;

use crate::{ApiPrefix, AuthorizationResponse, PublicClient, Reuse, Sender, Settings, Storage};
use world::Tab;

pub(crate) fn settings() -> Settings {
    Settings {
        issuer: "http://localhost:1".into(),
        client_id: "spa".into(),
        redirect_uri: "http://app.test/callback".into(),
        scopes: vec!["openid".into(), "offline_access".into()],
        storage: Storage::Local,
        sender: Sender::Bearer,
        reuse: Reuse::Strict,
        apis: vec![ApiPrefix::new("http://localhost:1/api").unwrap()],
        namespace: "browser".into(),
        post_logout_redirect_uri: None,
    }
}

/// Goes to the provider and comes back with a code.
async fn authorize(client: &PublicClient<Tab>, return_to: &str) -> AuthorizationResponse {
    let (code, state) = provider::code(&client.start(return_to).await.unwrap());
    AuthorizationResponse {
        code: Some(code),
        state: Some(state),
        ..AuthorizationResponse::default()
    }
}

async fn sign_in(client: &PublicClient<Tab>) {
    let response = authorize(client, "/").await;
    client.finish(&response).await.unwrap();
}
