//! The rules for public clients (RFC 10017, RFC 9700).

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use crate::app::{APP, SPA, TestApp, expect_tokens, spa_callback, spa_code_form, spa_request};

const MINUTE: Duration = Duration::from_secs(60);

/// Returns the error that the public client gets for a request with `changes`.
async fn error(changes: &[(&str, &str)]) -> String {
    let app = TestApp::new();
    let response = app.get(&spa_request(changes)).await;
    let sent = response.redirect_parameters(&spa_callback());
    assert!(!sent.contains_key("code") && !sent.contains_key("access_token"));
    sent["error"].clone()
}

#[tokio::test]
async fn each_client_kind_has_its_own_redirect_uri() {
    let app = TestApp::new();
    for (kind, other) in [
        ("browser", "worker"),
        ("browser-dpop", "browser"),
        ("worker", "browser-dpop"),
    ] {
        let redirect_uri = format!("{APP}/{kind}/callback");
        let request = spa_request(&[("redirect_uri", &redirect_uri)]);
        let browser = app.browser();
        let consent = browser.sign_in(&request, "alice").await;
        let sent = browser
            .allow(&consent)
            .await
            .redirect_parameters(&redirect_uri);
        let mut form = spa_code_form(&sent["code"]);
        form[3].1 = format!("{APP}/{other}/callback");
        let response = app.post("/token", &form).await;
        response.assert_error(400, "invalid_grant");
        form[3].1 = redirect_uri;
        expect_tokens(&app.post("/token", &form).await);
    }
    let other = spa_request(&[("redirect_uri", &format!("{APP}/callback"))]);
    assert_eq!(app.get(&other).await.status, 400);
}

#[tokio::test]
async fn rotation_does_not_extend_the_eight_hours_of_the_public_client() {
    let app = TestApp::new();
    let first = app.spa_tokens().await;
    assert_eq!(first.0["refresh_token_expires_in"], 8 * 3600);
    app.advance_clock(10 * MINUTE);
    let second = app.spa_refreshed(first.refresh()).await;
    assert_ne!(first.refresh(), second.refresh());
    assert_eq!(second.0["refresh_token_expires_in"], 7 * 3600 + 50 * 60);
    app.advance_clock(7 * 60 * MINUTE + 50 * MINUTE - Duration::from_millis(1));
    let third = app.spa_refreshed(second.refresh()).await;
    app.advance_clock(Duration::from_millis(1));
    app.spa_refresh(third.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_replay_revokes_all_tokens() {
    let app = TestApp::new();
    let first = app.spa_tokens().await;
    let second = app.spa_refreshed(first.refresh()).await;
    app.spa_refresh(first.refresh())
        .await
        .assert_error(400, "invalid_grant");
    app.spa_refresh(second.refresh())
        .await
        .assert_error(400, "invalid_grant");
    assert!(!app.accepts(second.access()).await);
}

#[tokio::test]
async fn the_implicit_grant_is_refused() {
    for response_type in ["token", "id_token", "id_token token", "code token"] {
        let sent = error(&[("response_type", response_type)]).await;
        assert_eq!(sent, "unsupported_response_type");
    }
}

#[tokio::test]
async fn the_password_grant_is_refused() {
    let form = [
        ("grant_type", "password"),
        ("client_id", SPA),
        ("username", "alice"),
        ("password", "lantern-42"),
    ];
    let response = TestApp::new().post("/token", &form).await;
    response.assert_error(400, "unsupported_grant_type");
}

#[tokio::test]
async fn pkce_can_be_neither_omitted_nor_weakened() {
    for change in [
        ("code_challenge", ""),
        ("code_challenge_method", ""),
        ("code_challenge_method", "plain"),
    ] {
        assert_eq!(error(&[change]).await, "invalid_request", "{change:?}");
    }
}

#[tokio::test]
async fn a_code_without_its_verifier_gives_nothing_and_is_not_spent() {
    let app = TestApp::new();
    let code = app.spa_code().await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    for (verifier, expected) in [
        ("", "invalid_request"),
        (challenge, "invalid_grant"),
        (
            "a-guess-that-is-long-enough-to-be-a-verifier",
            "invalid_grant",
        ),
    ] {
        let mut form = spa_code_form(&code);
        form[4].1 = verifier.to_owned();
        let response = app.post("/token", &form).await;
        response.assert_error(400, expected);
    }
    app.spa_exchange(&code).await;
}

#[tokio::test]
async fn the_offline_access_policy_can_be_set_at_run_time() {
    let app = TestApp::new();
    let first = app.spa_tokens().await;
    for (offline, given) in [
        ("never", false),
        ("access_type", false),
        ("always", true),
        ("scope", true),
    ] {
        app.set_spa_policy(json!({"offline": offline})).await;
        let tokens = app.spa_tokens().await;
        assert_eq!(tokens.0.get("refresh_token").is_some(), given, "{offline}");
        let scope = tokens.0["scope"].as_str().unwrap();
        assert_eq!(scope.contains("offline_access"), offline == "scope");
    }
    app.set_spa_policy(json!({"offline": "access_type"})).await;
    let code = app.browser().spa_code(&[("access_type", "offline")]).await;
    assert!(app.spa_exchange(&code).await.0["refresh_token"].is_string());
    // Refresh tokens issued before stay valid.
    app.spa_refreshed(first.refresh()).await;
    let wrong = json!({"offline": "sometimes"});
    let path = "/demo/policy/confidant-spa";
    let response = app.control(Method::PUT, path, wrong).await;
    assert_eq!(response.json()["code"], "bad_body");
}
