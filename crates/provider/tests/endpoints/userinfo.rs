//! `GET` and `POST /userinfo`.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

use crate::app::{TestApp, bearer};

#[tokio::test]
async fn userinfo_returns_the_claims_of_the_scope() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let expected = json!({
        "sub": "10001",
        "name": "Alice Example",
        "preferred_username": "alice",
        "email": "alice@example.com",
        "email_verified": true,
    });
    let response = app.get_with_token("/userinfo", tokens.access()).await;
    assert_eq!(response.json(), expected);
    let post = Request::post("/userinfo").header(header::AUTHORIZATION, bearer(tokens.access()));
    let response = app.send(post.body(Body::empty()).unwrap()).await;
    assert_eq!(response.json(), expected);

    let code = app.code(&[("scope", "openid")]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    let response = app.get_with_token("/userinfo", tokens.access()).await;
    assert_eq!(response.json(), json!({"sub": "10001"}));
}

#[tokio::test]
async fn a_request_without_a_token_gets_a_challenge_without_error_code() {
    let app = TestApp::new();
    let response = app.get("/userinfo").await;
    assert_eq!(response.status, 401);
    assert_eq!(
        response.header(header::WWW_AUTHENTICATE),
        "Bearer realm=\"Meridian ID\""
    );
}

#[tokio::test]
async fn a_token_in_the_query_is_ignored() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let path = format!("/userinfo?access_token={}", tokens.access());
    assert_eq!(app.get(&path).await.status, 401);
}

#[tokio::test]
async fn an_invalid_token_is_rejected_with_invalid_token() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    app.get_with_token("/userinfo", "nonsense")
        .await
        .assert_error(401, "invalid_token");
    let response = app.get_with_token("/userinfo", tokens.refresh()).await;
    response.assert_error(401, "invalid_token");

    app.advance_clock(Duration::from_millis(59_999));
    assert_eq!(
        app.get_with_token("/userinfo", tokens.access())
            .await
            .status,
        200
    );
    app.advance_clock(Duration::from_millis(1));
    let response = app.get_with_token("/userinfo", tokens.access()).await;
    response.assert_error(401, "invalid_token");
    let challenge = response.header(header::WWW_AUTHENTICATE);
    assert!(challenge.contains("error=\"invalid_token\""));
    assert!(challenge.contains("has expired"));
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let request = Request::get("/userinfo")
        .header(header::AUTHORIZATION, bearer(tokens.access()))
        .header(header::AUTHORIZATION, bearer("other"))
        .body(Body::empty())
        .unwrap();
    app.send(request).await.assert_error(400, "invalid_request");
}

#[tokio::test]
async fn userinfo_requires_the_scope_openid() {
    let app = TestApp::new();
    let code = app.code(&[("scope", "profile")]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    let response = app.get_with_token("/userinfo", tokens.access()).await;
    response.assert_error(403, "insufficient_scope");
    assert!(
        response
            .header(header::WWW_AUTHENTICATE)
            .contains("scope=\"openid\"")
    );
}
