//! The provider's nonces in proofs (RFC 9449 sections 8 and 9).

use std::time::Duration;

use serde_json::json;

use crate::app::{
    Key, TestApp, TestResponse, Tokens, expect_tokens, spa_code_form, spa_refresh_form,
};

const CURRENT: Duration = Duration::from_secs(180);

/// Expects `use_dpop_nonce` and returns the nonce in the response.
#[track_caller]
fn asked_for(response: &TestResponse, status: u16) -> String {
    response.assert_error(status, "use_dpop_nonce");
    let nonce = response.header("dpop-nonce");
    assert_eq!(nonce.len(), 43);
    nonce.to_owned()
}

#[tokio::test]
async fn a_code_is_not_spent_by_a_proof_without_the_nonce() {
    let app = TestApp::new();
    let key = Key::new(1);
    let form = spa_code_form(&app.spa_code().await);
    let proof = || key.at_token_endpoint(&app);
    let refused = app.post_with_proofs(&form, &[&proof().sign()]).await;
    let nonce = asked_for(&refused, 400);
    let made_up = proof().nonce("made up").sign();
    let refused = app.post_with_proofs(&form, &[&made_up]).await;
    assert_eq!(asked_for(&refused, 400), nonce);
    let response = app
        .post_with_proofs(&form, &[&proof().nonce(&nonce).sign()])
        .await;
    expect_tokens(&response);
    assert_eq!(response.header("dpop-nonce"), nonce);
}

#[tokio::test]
async fn a_refresh_token_is_not_spent_by_a_proof_without_the_nonce() {
    let app = TestApp::new();
    app.set_spa_policy(json!({"bound_answer": "new"})).await;
    let key = Key::new(1);
    let first = app.bound_tokens(&key).await;
    let form = spa_refresh_form(first.refresh());
    let proof = || key.at_token_endpoint(&app);
    let refused = app.post_with_proofs(&form, &[&proof().sign()]).await;
    let nonce = asked_for(&refused, 400);
    let response = app
        .post_with_proofs(&form, &[&proof().nonce(&nonce).sign()])
        .await;
    let second = expect_tokens(&response);
    assert_ne!(first.refresh(), second.refresh());
    let reasons = app.logged("reason").await;
    assert_eq!(reasons[2..], ["use_dpop_nonce", "rotated"]);
}

#[tokio::test]
async fn a_proof_without_nonce_is_not_used_up_and_stays_invalid() {
    let app = TestApp::new();
    let key = Key::new(1);
    let tokens = app.bound_tokens(&key).await;
    let proof = key.with_token(&app, "/api/me", tokens.access()).sign();
    for _ in 0..2 {
        let response = app
            .get_with_proofs("/api/me", tokens.access(), &[&proof])
            .await;
        asked_for(&response, 401);
    }
}

#[tokio::test]
async fn resources_request_the_nonce_in_their_challenge() {
    let app = TestApp::new();
    let key = Key::new(1);
    let tokens = app.bound_tokens(&key).await;
    let token = tokens.access();
    for path in ["/api/me", "/api/echo", "/userinfo"] {
        let proof = || key.with_token(&app, path, token);
        let refused = app.get_with_proofs(path, token, &[&proof().sign()]).await;
        let nonce = asked_for(&refused, 401);
        let challenge = refused.header("www-authenticate");
        assert!(challenge.starts_with("DPoP error=\"use_dpop_nonce\""));
        assert!(challenge.ends_with("algs=\"ES256\""));
        let proof = proof().nonce(&nonce).sign();
        let response = app.get_with_proofs(path, token, &[&proof]).await;
        assert_eq!(response.status, 200, "{}", response.text);
        assert_eq!(response.header("dpop-nonce"), nonce);
    }
}

#[tokio::test]
async fn a_nonce_is_valid_in_its_period_and_the_next() {
    let app = TestApp::new();
    let key = Key::new(1);
    let tokens = app.bound_tokens(&key).await;
    let form = spa_refresh_form(tokens.refresh());
    let old = app.nonce().await;
    let refresh = async |nonce: &str| {
        let proof = key.at_token_endpoint(&app).nonce(nonce).sign();
        app.post_with_proofs(&form, &[&proof]).await
    };
    app.advance_clock(CURRENT);
    let response = refresh(&old).await;
    expect_tokens(&response);
    let next = response.header("dpop-nonce").to_owned();
    assert_ne!(next, old, "a successful response has the next nonce");
    app.advance_clock(CURRENT);
    let refused = refresh(&old).await;
    let newest = asked_for(&refused, 400);
    assert_ne!(newest, next);
    expect_tokens(&refresh(&next).await);
    expect_tokens(&refresh(&newest).await);
}

#[tokio::test]
async fn an_optional_nonce_may_be_omitted_but_not_wrong() {
    let app = TestApp::new();
    app.set_spa_policy(json!({"dpop_nonce": "optional"})).await;
    let key = Key::new(1);
    let proof = || key.at_token_endpoint(&app);
    let form = spa_code_form(&app.spa_code().await);
    let wrong = proof().nonce("made up").sign();
    let nonce = asked_for(&app.post_with_proofs(&form, &[&wrong]).await, 400);
    let response = app.post_with_proofs(&form, &[&proof().sign()]).await;
    let tokens = expect_tokens(&response);
    assert_eq!(response.header("dpop-nonce"), "");
    let token = tokens.access();
    let proof = key.with_token(&app, "/api/me", token).sign();
    let response = app.get_with_proofs("/api/me", token, &[&proof]).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("dpop-nonce"), "");
    let proof = key.with_token(&app, "/api/me", token).nonce(&nonce).sign();
    assert_eq!(
        app.get_with_proofs("/api/me", token, &[&proof])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_request_without_a_proof_needs_no_nonce() {
    let app = TestApp::new();
    let Tokens(first) = app.spa_tokens().await;
    assert_eq!(first["token_type"], "Bearer");
    let response = app
        .spa_refresh(first["refresh_token"].as_str().unwrap())
        .await;
    expect_tokens(&response);
    assert_eq!(response.header("dpop-nonce"), "");
}
