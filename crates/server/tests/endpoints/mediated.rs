//! The access token that a token-mediating backend hands its page.

use crate::app::{Browser, TestApp};
use axum::http::Request;
use serde_json::Value;

const TOKEN: &str = "/auth/mediated/token";

/// Somebody who is signed in by way of the token-mediating backend.
pub(crate) async fn signed_in(app: &TestApp) -> Browser<'_> {
    let browser = app.browser();
    let fields = [("provider", "demo"), ("kind", "mediated")];
    let started = browser.post("/auth/login/start", &fields).await.good();
    let url = started["authorization_url"].as_str().unwrap().to_owned();
    let callback = browser.decide(&url, "alice", "allow").await;
    let finished = browser.finish(&callback).await.good();
    assert_eq!(finished["return_to"], "/mediated/menu");
    browser
}

/// What the API says when it is called from elsewhere with this token.
async fn api(app: &TestApp, token: &str) -> Value {
    let request = Request::get("/api/echo")
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty())
        .unwrap();
    app.provider_answer(request).await.good()
}

#[tokio::test]
async fn a_page_gets_a_token_with_what_it_asked_for_and_no_more() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let handed = browser.post(TOKEN, &[("scope", "openid")]).await;
    assert_eq!(handed.headers["cache-control"], "no-store");
    let handed = handed.good();
    assert_eq!(handed["scopes"], serde_json::json!(["openid"]));
    let said = api(&app, handed["access_token"].as_str().unwrap()).await;
    assert_eq!(said["token"]["scope"], "openid");
    // The session's own token kept all that it had.
    let view = browser.get("/auth/token").await.good();
    assert!(view["scopes"].as_array().unwrap().len() > 3, "{view}");
}

#[tokio::test]
async fn asked_twice_the_server_hands_out_one_token() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let first = browser.post(TOKEN, &[("scope", "openid profile")]).await;
    let second = browser.post(TOKEN, &[("scope", "profile openid")]).await;
    let token = |answer: Value| answer["access_token"].as_str().unwrap().to_owned();
    assert_eq!(token(first.good()), token(second.good()));
}

#[tokio::test]
async fn no_answer_holds_the_refresh_token() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let handed = browser.post(TOKEN, &[]).await;
    let names: Vec<_> = handed.good().as_object().unwrap().keys().cloned().collect();
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
    let browser = signed_in(&app).await;
    for scope in ["openid payments", "offline_access"] {
        let refused = browser.post(TOKEN, &[("scope", scope)]).await;
        assert_eq!(refused.problem(), (400, "bad_request".into()), "{scope}");
    }
}

#[tokio::test]
async fn a_session_of_the_backend_for_frontend_hands_out_nothing() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let refused = browser.post(TOKEN, &[]).await;
    assert_eq!(refused.problem(), (409, "not_offered".into()));
}

#[tokio::test]
async fn nobody_gets_nothing_and_another_site_gets_less() {
    let app = TestApp::start().await;
    let refused = app.browser().post(TOKEN, &[]).await;
    assert_eq!(refused.problem(), (401, "not_signed_in".into()));
    let browser = signed_in(&app).await;
    let forged = Request::post(TOKEN)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    let refused = browser.send(forged, String::new()).await;
    assert_eq!(refused.problem(), (403, "cross_site".into()));
    // Our own script without the header that others cannot send.
    let plain = Request::post(TOKEN).header("sec-fetch-site", "same-origin");
    let refused = browser.send(plain, String::new()).await;
    assert_eq!(refused.status.as_u16(), 403);
}

#[tokio::test]
async fn where_it_is_not_configured_there_is_no_such_kind() {
    let app = TestApp::start_with(|config, _| {
        config.settings.providers[0].mediated = false;
    })
    .await;
    let fields = [("provider", "demo"), ("kind", "mediated")];
    let refused = app.browser().post("/auth/login/start", &fields).await;
    assert_eq!(refused.problem(), (400, "unknown_kind".into()));
    let providers = app.browser().get("/auth/providers").await.good();
    assert_eq!(providers[0]["mediated"], false);
}

#[tokio::test]
async fn the_pages_of_browser_clients_may_speak_to_the_provider_and_the_servers_may_not() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let issuer = &app.demo().issuer;
    for (path, spoken_to) in [
        ("/bff/menu", false),
        ("/", false),
        ("/browser/menu", true),
        ("/mediated/menu", true),
    ] {
        let page = browser.open(path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let connect = policy.split(';').find(|it| it.contains("connect-src"));
        assert_eq!(
            connect.unwrap().contains(issuer),
            spoken_to,
            "{path}: {policy}"
        );
        assert_eq!(page.text.contains("confidant-browser"), spoken_to, "{path}");
    }
}
