//! A token-mediating backend at a provider that ignores the scope of a refresh
//! (FIELD.md, B08).

use super::client::{User, World, start_provider};
use confidant_bff::{
    Provider,
    settings::{FixedEndpoints, ProviderProfile},
};
use confidant_protocol::cases::profiles::{ALL, Answer};
use confidant_wire::{ClientKind, Code};
use url::Url;

/// Whatever scope is asked for.
const SAME_SCOPE: Answer = Answer {
    status: 200,
    content_type: "application/json",
    body: r#"{"access_token":"a1","token_type":"Bearer","expires_in":3600,"refresh_token":"r1","scope":"b c offline_access"}"#,
};

async fn signed_in(narrows_scope: bool) -> (World, User) {
    let cases = &ALL[0];
    let provider = start_provider(cases).await;
    let at = |path: &str| Url::parse(&format!("{}{path}", provider.url)).unwrap();
    let endpoints = FixedEndpoints {
        issuer: None,
        authorization_endpoint: at("/authorize"),
        token_endpoint: at("/token"),
        userinfo_endpoint: Some(at("/userinfo")),
        introspection_endpoint: None,
        revocation_endpoint: None,
        end_session_endpoint: None,
        jwks_uri: None,
    };
    let profile = ProviderProfile {
        narrows_scope,
        ..ProviderProfile::generic()
    };
    let mut settings = Provider::with_endpoints("p", endpoints).custom_profile(profile);
    settings.mediated = true;
    let world = World::with(cases, provider, settings).await;
    let user = world.sign_in_as(ClientKind::MEDIATED, SAME_SCOPE).await;
    let user = user.unwrap();
    world.token_request();
    (world, user)
}

#[tokio::test]
async fn offline_access_that_comes_back_uninvited_keeps_no_token_from_the_page() {
    let (world, user) = signed_in(true).await;
    for _ in 0..10 {
        let issued = user.session.mediated_token(None).await.unwrap();
        assert_eq!(issued.scopes, ["b", "c", "offline_access"]);
    }
    assert_eq!(world.token_request().form()["scope"], "b c");
}

#[tokio::test]
async fn more_scope_than_the_page_asked_for_is_refused_unless_the_profile_expects_it() {
    let (_world, user) = signed_in(true).await;
    let refused = user.session.mediated_token(Some("b")).await.unwrap_err();
    assert_eq!(refused.code(), Code::ProviderMisbehaved);

    let (world, user) = signed_in(false).await;
    let issued = user.session.mediated_token(Some("b")).await.unwrap();
    assert_eq!(issued.scopes, ["b", "c", "offline_access"]);
    assert!(world.provider.take_requests("/token").is_empty());
    let refused = user.session.mediated_token(Some("d")).await.unwrap_err();
    assert_eq!(refused.code(), Code::BadRequest);
}
