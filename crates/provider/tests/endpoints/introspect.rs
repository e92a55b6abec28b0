//! `POST /introspect`.

use std::time::Duration;

use serde_json::json;

use crate::app::{EMPTY_FORM, ISSUER, TestApp};

#[tokio::test]
async fn an_active_access_token_is_described() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let response = app
        .post_as_web("/introspect", &[("token", tokens.access())])
        .await;
    assert_eq!(
        response.json(),
        json!({
            "active": true,
            "client_id": "confidant-web",
            "username": "alice",
            "sub": "10001",
            "iss": ISSUER,
            "token_type": "Bearer",
            "scope": "openid profile email offline_access",
            "iat": app.now(),
            "exp": app.now() + 60,
        })
    );
}

async fn active(app: &TestApp, client: &str, token: &str) -> bool {
    let response = app
        .post_as(client, "/introspect", &[("token", token)])
        .await;
    let json = response.json();
    let active = json["active"].as_bool().unwrap();
    if !active {
        assert_eq!(
            json,
            json!({"active": false}),
            "an inactive token reveals nothing else"
        );
    }
    active
}

#[tokio::test]
async fn an_inactive_token_is_only_described_as_inactive() {
    let app = TestApp::new();
    let first = app.tokens().await;
    assert!(active(&app, "confidant-web", first.refresh()).await);
    let second = app.refreshed(first.refresh()).await;
    assert!(!active(&app, "confidant-web", first.refresh()).await);
    assert!(active(&app, "confidant-web", second.refresh()).await);
    app.advance_clock(Duration::from_secs(60));
    assert!(!active(&app, "confidant-web", second.access()).await);
    assert!(!active(&app, "confidant-web", "unknown").await);
    app.advance_clock(Duration::from_secs(14 * 24 * 3600));
    assert!(!active(&app, "confidant-web", second.refresh()).await);
}

#[tokio::test]
async fn the_tokens_of_a_revoked_family_are_inactive() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    app.post_as_web("/revoke", &[("token", tokens.access())])
        .await;
    assert!(!active(&app, "confidant-web", tokens.access()).await);
    assert!(!active(&app, "confidant-web", tokens.refresh()).await);
}

#[tokio::test]
async fn the_token_of_another_client_is_inactive() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    assert!(!active(&app, "google-like", tokens.access()).await);
}

#[tokio::test]
async fn introspection_requires_client_authentication() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let form = [("token", tokens.access()), ("client_id", "confidant-spa")];
    app.post("/introspect", &form)
        .await
        .assert_error(401, "invalid_client");
    let form = [("token", tokens.access())];
    app.post("/introspect", &form)
        .await
        .assert_error(401, "invalid_client");
    app.post_as_web("/introspect", EMPTY_FORM)
        .await
        .assert_error(400, "invalid_request");
}
