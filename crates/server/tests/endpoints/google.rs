//! The `google` profile, with a provider that behaves like Google.

use crate::app::TestApp;
use confidant_provider::Policy;
use serde_json::Value;

async fn google() -> TestApp {
    TestApp::start_with(|config, provider| {
        let settings = &mut config.settings.providers[0];
        settings.profile = "google".into();
        settings.scopes = ["openid", "profile", "email"].map(Into::into).into();
        settings.authorize_params.clear();
        provider.clients[0].policy = Policy::google();
    })
    .await
}

/// Returns the parameter names of the session's token requests.
fn token_requests(report: &Value) -> Vec<Vec<&str>> {
    let exchanges = report["exchanges"].as_array().unwrap().iter();
    exchanges
        .filter(|exchange| exchange["path"] == "/token")
        .map(|exchange| {
            let sent = exchange["sent"].as_array().unwrap().iter();
            sent.map(|p| p["name"].as_str().unwrap()).collect()
        })
        .collect()
}

#[tokio::test]
async fn offline_access_is_requested_with_googles_parameters() {
    let url = google().await.browser().start().await;
    assert!(url.contains("access_type=offline"), "{url}");
    assert!(url.contains("prompt=consent"), "{url}");
    assert!(!url.contains("offline_access"), "{url}");
}

#[tokio::test]
async fn a_refresh_token_that_the_response_omits_is_kept_and_used_again() {
    let app = google().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = browser.get("/auth/token").await.success();
    for _ in 0..2 {
        let after = browser.post("/auth/refresh", &[]).await.success();
        assert_ne!(after["access_token"], before["access_token"]);
        assert_eq!(after["refresh_token"], before["refresh_token"]);
        assert_eq!(after["generation"], 1);
    }
    browser.post("/auth/expire", &[]).await.success();
    assert_eq!(
        browser.get("/auth/profile").await.success()["name"],
        "Alice Example"
    );
}

#[tokio::test]
async fn the_client_authenticates_in_the_request_body() {
    let app = google().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.post("/auth/refresh", &[]).await.success();
    let report = browser.get("/auth/log").await.success();
    let requests = token_requests(&report);
    assert_eq!(requests.len(), 2);
    for sent in requests {
        assert!(sent.contains(&"client_secret"), "{sent:?}");
        assert!(!sent.contains(&"authorization"), "{sent:?}");
    }
}

#[tokio::test]
async fn a_token_is_validated_by_tokeninfo() {
    let app = google().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let validation = browser.get("/auth/validate").await.success();
    assert_eq!(validation["by"], "tokeninfo");
    assert_eq!(validation["active"], true);
}
