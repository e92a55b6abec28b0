//! The decision log and the request counts.

use std::time::Duration;

use serde_json::json;

use crate::app::{SECRET, TestApp};

#[tokio::test]
async fn every_decision_is_logged_with_its_reason() {
    let app = TestApp::new();
    let first = app.tokens().await;
    app.refreshed(first.refresh()).await;
    app.refresh(first.refresh()).await;
    app.refresh("unknown").await;
    app.post_as_web("/revoke", &[("token", first.access())])
        .await;
    let expected = [
        "redeemed",
        "rotated",
        "reused",
        "unknown_token",
        "by_client",
    ];
    assert_eq!(app.logged("reason").await, expected);

    let log = app.get("/demo/decisions").await.json();
    let reused = &log[2];
    assert_eq!(reused["client"], "confidant-web");
    assert_eq!(reused["family"], 1);
    assert_eq!(reused["generation"], 1);
    assert_eq!(reused["about"], "refresh");
    assert_eq!(reused["outcome"], "family_revoked");
    assert!(reused["words"].is_string());
    assert_eq!(reused["at"], app.now() * 1000);
}

#[tokio::test]
async fn the_log_holds_no_secret() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    app.refreshed(tokens.refresh()).await;
    for path in ["/demo", "/demo/decisions", "/demo/requests"] {
        let text = app.get(path).await.text;
        for secret in [tokens.access(), tokens.refresh(), SECRET] {
            assert!(!text.contains(secret), "{path}");
        }
    }
}

#[tokio::test]
async fn the_log_is_bounded() {
    let app = TestApp::new();
    for _ in 0..501 {
        app.refresh("unknown").await;
    }
    let log = app.get("/demo/decisions").await.json();
    assert_eq!(log.as_array().unwrap().len(), 500);
    assert_eq!(log[0]["number"], 2);
}

#[tokio::test]
async fn requests_are_counted_by_endpoint_grant_type_and_client() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    app.refreshed(tokens.refresh()).await;
    app.get_with_token("/api/me", tokens.access()).await;
    app.get("/made/up/by/somebody").await;
    let counts = app.get("/demo/requests").await.json();
    assert_eq!(counts["endpoints"]["POST /token"], 2);
    assert_eq!(counts["endpoints"]["GET /api/me"], 1);
    assert!(!counts.to_string().contains("made"));
    let grants = json!({"authorization_code": 1, "refresh_token": 1});
    assert_eq!(counts["grant_types"], grants);
    assert_eq!(counts["by_client"], json!({"confidant-web": grants}));
    assert_eq!(counts["api_by_client"], json!({"confidant-web": 1}));
}

#[tokio::test]
async fn requests_to_the_api_are_counted_even_if_rejected() {
    let app = TestApp::new();
    let web = app.tokens().await;
    let spa = app.spa_tokens().await;
    app.get_with_token("/api/me", spa.access()).await;
    app.get_with_token("/userinfo", spa.access()).await;
    app.advance_clock(Duration::from_secs(60));
    for token in [web.access(), spa.access(), spa.refresh(), "nobody's"] {
        let response = app.get_with_token("/api/echo", token).await;
        response.assert_error(401, "invalid_token");
    }
    let counts = app.get("/demo/requests").await.json();
    let expected = json!({"confidant-web": 1, "confidant-spa": 2});
    assert_eq!(counts["api_by_client"], expected);
}

#[tokio::test]
async fn the_page_shows_the_newest_decision_first() {
    let app = TestApp::new();
    assert!(app.get("/demo").await.text.contains("Nothing yet"));
    let tokens = app.tokens().await;
    app.refreshed(tokens.refresh()).await;
    let page = app.get("/demo").await.text;
    let rotated = page.find("new refresh token").unwrap();
    assert!(rotated < page.find("first tokens of a family").unwrap());
}
