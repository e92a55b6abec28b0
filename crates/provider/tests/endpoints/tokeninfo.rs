//! `GET /tokeninfo`.

use std::time::Duration;

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn an_active_token_is_described_with_numbers_as_strings() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    app.advance_clock(Duration::from_secs(10));
    let response = app
        .get(&format!("/tokeninfo?access_token={}", tokens.access()))
        .await;
    assert_eq!(
        response.json(),
        json!({
            "azp": "confidant-web",
            "aud": "confidant-web",
            "sub": "10001",
            "scope": "openid profile email offline_access",
            "token_type": "Bearer",
            "exp": (app.now() + 50).to_string(),
            "expires_in": "50",
            "access_type": "offline",
            "email": "alice@example.com",
            "email_verified": "true",
        })
    );
}

#[tokio::test]
async fn any_other_token_is_an_invalid_value() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let refresh = format!("/tokeninfo?access_token={}", tokens.refresh());
    for path in ["/tokeninfo", "/tokeninfo?access_token=x", &refresh] {
        app.get(path).await.assert_error(400, "invalid_token");
    }
    app.advance_clock(Duration::from_secs(60));
    let path = format!("/tokeninfo?access_token={}", tokens.access());
    app.get(&path).await.assert_error(400, "invalid_token");
}
