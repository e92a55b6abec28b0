//! The access token that a token-mediating backend issues to its page.

use crate::app::{Browser, TestApp};
use axum::http::Request;
use serde_json::Value;

const TOKEN: &str = "/auth/mediated/token";

/// Signs a user in through the token-mediating backend.
pub(crate) async fn sign_in(app: &TestApp) -> Browser<'_> {
    let browser = app.browser();
    let fields = [("provider", "demo"), ("kind", "mediated")];
    let started = browser.post("/auth/login/start", &fields).await.success();
    let url = started["authorization_url"].as_str().unwrap().to_owned();
    let callback = browser.decide(&url, "alice", "allow").await;
    let finished = browser.finish(&callback).await.success();
    assert_eq!(finished["return_to"], "/mediated/menu");
    browser
}

/// Calls the API directly with this token.
async fn call_api(app: &TestApp, token: &str) -> Value {
    let request = Request::get("/api/echo")
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty())
        .unwrap();
    app.send_to_provider(request).await.success()
}

#[tokio::test]
async fn a_page_gets_a_token_with_the_requested_scopes_only() {
    let app = TestApp::start().await;
    let browser = sign_in(&app).await;
    let issued = browser.post(TOKEN, &[("scope", "openid")]).await;
    assert_eq!(issued.headers["cache-control"], "no-store");
    let issued = issued.success();
    assert_eq!(issued["scopes"], serde_json::json!(["openid"]));
    let echo = call_api(&app, issued["access_token"].as_str().unwrap()).await;
    assert_eq!(echo["token"]["scope"], "openid");
    // The session's own token keeps its scopes.
    let view = browser.get("/auth/token").await.success();
    assert!(view["scopes"].as_array().unwrap().len() > 3, "{view}");
}

#[tokio::test]
async fn two_requests_for_the_same_scopes_get_the_same_token() {
    let app = TestApp::start().await;
    let browser = sign_in(&app).await;
    let first = browser.post(TOKEN, &[("scope", "openid profile")]).await;
    let second = browser.post(TOKEN, &[("scope", "profile openid")]).await;
    let token = |response: Value| response["access_token"].as_str().unwrap().to_owned();
    assert_eq!(token(first.success()), token(second.success()));
}

#[tokio::test]
async fn the_response_does_not_contain_the_refresh_token() {
    let app = TestApp::start().await;
    let browser = sign_in(&app).await;
    let issued = browser.post(TOKEN, &[]).await;
    let names: Vec<_> = issued
        .success()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let expected = [
        "access_token",
        "expires_at",
        "now",
        "obtained_at",
        "scopes",
        "token_type",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_scope_that_was_not_granted_is_refused() {
    let app = TestApp::start().await;
    let browser = sign_in(&app).await;
    for scope in ["openid payments", "offline_access"] {
        let refused = browser.post(TOKEN, &[("scope", scope)]).await;
        assert_eq!(refused.problem(), (400, "bad_request".into()), "{scope}");
    }
}

#[tokio::test]
async fn a_session_of_the_backend_for_frontend_issues_no_token() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let refused = browser.post(TOKEN, &[]).await;
    assert_eq!(refused.problem(), (409, "not_offered".into()));
}

#[tokio::test]
async fn a_token_request_without_session_or_from_another_site_is_refused() {
    let app = TestApp::start().await;
    let refused = app.browser().post(TOKEN, &[]).await;
    assert_eq!(refused.problem(), (401, "not_signed_in".into()));
    let browser = sign_in(&app).await;
    let forged = Request::post(TOKEN)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    let refused = browser.send(forged, String::new()).await;
    assert_eq!(refused.problem(), (403, "cross_site".into()));
    // The application's own script, without the header that other sites cannot send.
    let plain = Request::post(TOKEN).header("sec-fetch-site", "same-origin");
    let refused = browser.send(plain, String::new()).await;
    assert_eq!(refused.status.as_u16(), 403);
}

#[tokio::test]
async fn the_kind_does_not_exist_if_it_is_not_configured() {
    let app = TestApp::start_with(|config, _| {
        config.settings.providers[0].mediated = false;
    })
    .await;
    let fields = [("provider", "demo"), ("kind", "mediated")];
    let refused = app.browser().post("/auth/login/start", &fields).await;
    assert_eq!(refused.problem(), (400, "unknown_kind".into()));
    let providers = app.browser().get("/auth/providers").await.success();
    assert_eq!(providers[0]["mediated"], false);
}

#[tokio::test]
async fn only_the_pages_of_browser_clients_may_connect_to_the_provider() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let issuer = &app.demo().issuer;
    for (path, connects) in [
        ("/bff/menu", false),
        ("/", false),
        ("/browser/menu", true),
        ("/mediated/menu", true),
    ] {
        let page = browser.open(path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let connect = policy
            .split(';')
            .find(|directive| directive.contains("connect-src"));
        assert_eq!(
            connect.unwrap().contains(issuer),
            connects,
            "{path}: {policy}"
        );
        assert_eq!(page.text.contains("confidant-browser"), connects, "{path}");
    }
}
