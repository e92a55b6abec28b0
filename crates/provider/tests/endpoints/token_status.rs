//! `GET /demo/tokens/{kind}/{fingerprint}`: the status of a token.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::app::TestApp;

/// Returns the status of a token of this kind.
async fn token_status(app: &TestApp, kind: &str, token: &str) -> Value {
    let digest = Sha256::digest(token);
    let fingerprint: String = digest[..3].iter().map(|b| format!("{b:02x}")).collect();
    let path = format!("/demo/tokens/{kind}/{fingerprint}");
    app.control(Method::GET, &path, Value::Null).await.json()
}

#[tokio::test]
async fn the_status_tells_active_spent_and_expired_tokens_apart() {
    let app = TestApp::new();
    let first = app.tokens().await;
    let good = json!({
        "known": true, "active": true, "reason": "active", "client": "confidant-web",
    });
    assert_eq!(token_status(&app, "at", first.access()).await, good);
    let second = app.refreshed(first.refresh()).await;
    let mut spent = json!({
        "known": true, "active": false, "reason": "spent", "client": "confidant-web",
        "generation": 1,
    });
    assert_eq!(token_status(&app, "rt", first.refresh()).await, spent);
    spent["generation"] = 2.into();
    spent["reason"] = "active".into();
    spent["active"] = true.into();
    assert_eq!(token_status(&app, "rt", second.refresh()).await, spent);
    app.advance_clock(Duration::from_secs(60));
    let expired = token_status(&app, "at", first.access()).await;
    assert_eq!(
        (&expired["active"], &expired["reason"]),
        (&json!(false), &json!("expired"))
    );
    app.advance_clock(Duration::from_secs(14 * 24 * 3600));
    assert_eq!(
        token_status(&app, "rt", second.refresh()).await["reason"],
        "expired"
    );
}

#[tokio::test]
async fn the_status_names_the_cause_of_a_revocation() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    app.post_as_web("/revoke", &[("token", tokens.refresh())])
        .await;
    assert_eq!(
        token_status(&app, "at", tokens.access()).await["reason"],
        "by_client"
    );
    let tokens = app.tokens().await;
    let second = app.refreshed(tokens.refresh()).await;
    app.refresh(tokens.refresh()).await;
    let dead = token_status(&app, "rt", second.refresh()).await;
    assert_eq!(dead["reason"], "refresh_token_reused");
    assert_eq!(dead["active"], false);
}

#[tokio::test]
async fn a_token_is_unknown_unless_kind_and_fingerprint_match() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let unknown = json!({"known": false, "active": false, "reason": "unknown"});
    assert_eq!(token_status(&app, "at", "made up").await, unknown);
    assert_eq!(token_status(&app, "at", tokens.refresh()).await, unknown);
    assert_eq!(token_status(&app, "rt", tokens.access()).await, unknown);
}

#[tokio::test]
async fn an_invalid_fingerprint_is_refused() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    for path in [
        "at/7f3a9",
        "at/7f3a9cd",
        "at/7f3a9g",
        "id/7f3a9c",
        &format!("at/{}", tokens.access()),
    ] {
        let path = format!("/demo/tokens/{path}");
        let response = app.control(Method::GET, &path, Value::Null).await;
        assert_eq!(response.status, 400, "{path}");
        assert_eq!(response.json()["code"], "bad_fingerprint");
    }
}
