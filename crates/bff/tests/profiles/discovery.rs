//! Client authentication by the provider's metadata, or by a setting.

use super::client::{CLIENT_ID, CLIENT_SECRET, World, start_provider};
use confidant_bff::{
    Provider,
    settings::{ClientAuthentication, ProviderProfile},
};
use confidant_protocol::cases::profiles::{ALL, Answer};
use confidant_wire::Code;
use serde_json::json;

/// Starts a provider whose metadata list these methods, and a client of it whose
/// setting is this.
async fn world(methods: Option<&[&str]>, setting: Option<ClientAuthentication>) -> World {
    let cases = &ALL[0];
    let provider = start_provider(cases).await;
    let at = |path: &str| format!("{}{path}", provider.url);
    let mut metadata = json!({
        "issuer": provider.url,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    if let Some(methods) = methods {
        metadata["token_endpoint_auth_methods_supported"] = json!(methods);
    }
    provider.script().metadata = metadata.to_string();
    let profile = ProviderProfile {
        client_authentication: setting,
        ..ProviderProfile::generic()
    };
    let settings = Provider::discover("p", provider.url.clone()).custom_profile(profile);
    World::with(cases, provider, settings).await
}

#[tokio::test]
async fn the_client_authenticates_as_the_setting_or_else_the_metadata_say() {
    use ClientAuthentication::{Basic, Body, None as NoSecret};
    let post = Some(&["client_secret_post"][..]);
    let both = Some(&["client_secret_post", "client_secret_basic"][..]);
    for (methods, setting, expected) in [
        (None, None, Basic),
        (post, None, Body),
        (both, None, Basic),
        (both, Some(Body), Body),
        (post, Some(Basic), Basic),
        (post, Some(NoSecret), NoSecret),
    ] {
        let world = world(methods, setting).await;
        let user = world.sign_in().await;
        let sign_in = world.token_request();
        world.refresh(&user, world.cases.refresh.0).await.unwrap();
        for request in [sign_in, world.token_request()] {
            let form = request.form();
            let sent = (
                request.header("authorization").starts_with("Basic "),
                form.get("client_secret").map(String::as_str),
                form.get("client_id").map(String::as_str),
            );
            let right = match expected {
                Basic => (true, None, None),
                Body => (false, Some(CLIENT_SECRET), Some(CLIENT_ID)),
                NoSecret => (false, None, Some(CLIENT_ID)),
            };
            assert_eq!(sent, right, "{methods:?} {setting:?}");
        }
    }
}

/// A refused request may have spent the code or the refresh token.
#[tokio::test]
async fn a_refused_client_does_not_try_another_method() {
    let world = world(Some(&["client_secret_post", "client_secret_basic"]), None).await;
    let refused = Answer {
        status: 401,
        content_type: "application/json",
        body: r#"{"error":"invalid_client"}"#,
    };
    let error = world.sign_in_with(refused).await.err().unwrap();
    assert_eq!(error.code(), Code::ClientMisconfigured);
    world.token_request();
    let user = world.sign_in().await;
    world.token_request();
    world.refresh(&user, refused).await.unwrap_err();
    world.token_request();
}
