//! Signing in.

use crate::app::TestApp;
use axum::{Json, Router, http::HeaderMap, routing::get};
use serde_json::json;

#[tokio::test]
async fn after_sign_in_the_session_names_the_user() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert_eq!(
        browser.get("/auth/session").await.success()["signed_in"],
        false
    );
    browser.sign_in("alice").await;
    let session = browser.get("/auth/session").await.success();
    assert_eq!(session["signed_in"], true);
    assert_eq!(session["name"], "Alice Example");
    assert_eq!(session["provider"], "demo");
    assert_eq!(session["kind"], "bff");
}

#[tokio::test]
async fn the_session_cookie_has_every_attribute_that_protects_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "allow").await;
    let finished = browser.finish(&callback).await;
    let cookies: Vec<_> = finished.headers.get_all("set-cookie").iter().collect();
    let cookie = cookies
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .find(|cookie| cookie.starts_with("__Host-Http-confidant="))
        .expect("a session cookie");
    for attribute in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn the_authorization_request_contains_pkce_and_state_and_no_secret() {
    let app = TestApp::start().await;
    let url = app.browser().start().await;
    assert!(url.starts_with(&format!("{}/authorize?", app.demo().issuer)));
    for part in [
        "response_type=code",
        "code_challenge_method=S256",
        "state=",
        "nonce=",
    ] {
        assert!(url.contains(part), "{url}");
    }
    assert!(!url.contains(crate::app::CLIENT_SECRET));
}

#[tokio::test]
async fn a_sign_in_returns_to_the_requested_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let fields = [("provider", "demo"), ("return_to", "/bff/profile?x=1")];
    let started = browser.post("/auth/login/start", &fields).await.success();
    let url = started["authorization_url"].as_str().unwrap().to_owned();
    let callback = browser.decide(&url, "bob", "allow").await;
    let finished = browser.finish(&callback).await.success();
    assert_eq!(finished, json!({"return_to": "/bff/profile?x=1"}));
}

#[tokio::test]
async fn two_users_in_two_browsers_have_separate_sessions() {
    let app = TestApp::start().await;
    let (one, other) = (app.browser(), app.browser());
    one.sign_in("alice").await;
    other.sign_in("bob").await;
    assert_eq!(
        one.get("/auth/profile").await.success()["name"],
        "Alice Example"
    );
    assert_eq!(
        other.get("/auth/profile").await.success()["name"],
        "Bob Example"
    );
}

#[tokio::test]
async fn sessions_survive_a_restart_of_the_server() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = browser.get("/auth/token").await.success();
    let cookies = browser.cookies();
    let app = app.restarted().await;
    let browser = app.browser().with_cookies(cookies);
    let after = browser.get("/auth/token").await.success();
    assert_eq!(before["access_token"], after["access_token"]);
}

#[tokio::test]
async fn form_action_allows_the_authorization_endpoint_once_it_is_discovered() {
    let discovery = get(async |headers: HeaderMap| {
        let issuer = format!("http://{}", headers["host"].to_str().unwrap());
        Json(json!({
            "issuer": issuer,
            "authorization_endpoint": "https://login.example/authorize",
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }))
    });
    let provider = Router::new()
        .route("/.well-known/openid-configuration", discovery)
        .route("/jwks", get(async || Json(json!({"keys": []}))));
    let app = TestApp::start_with_provider(provider).await;
    let browser = app.browser();
    let policy = async || {
        let page = browser.open("/").await;
        page.header("content-security-policy").to_owned()
    };
    let issuer = &app.demo().issuer;
    let unknown = format!("form-action 'self' {issuer};");
    assert!(policy().await.contains(&unknown), "{}", policy().await);
    assert!(browser.start().await.starts_with("https://login.example/"));
    let known = format!("form-action 'self' {issuer} https://login.example;");
    assert!(policy().await.contains(&known), "{}", policy().await);
}
