//! How soon API calls see a change, although they do not read the database each
//! time.

use super::upstream::Upstream;
use crate::app::{Browser, TestApp};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    routing::any,
};
use std::time::{Duration, Instant};
use tower::ServiceExt;

/// Sends a request with the browser's session cookie to this server.
async fn send_to(replica: &Router, method: &str, path: &str, browser: &Browser<'_>) -> StatusCode {
    let cookie = &browser.cookies()["__Host-Http-confidant"];
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-csrf", "1")
        .header("cookie", format!("__Host-Http-confidant={cookie}"))
        .body(Body::empty())
        .unwrap();
    replica.clone().oneshot(request).await.unwrap().status()
}

/// Starts a server in front of an API that accepts every token, so that only the
/// server can refuse a call.
async fn app_for_accepting_api() -> TestApp {
    let handler = any(async || "reached");
    let upstream = Upstream::start(Router::new().fallback(handler)).await;
    upstream.app(&["GET /x"]).await
}

#[tokio::test]
async fn the_next_call_after_a_sign_out_is_refused() {
    let app = app_for_accepting_api().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let cookies = browser.cookies();
    assert_eq!(browser.call("GET", "/api/demo/x", "").await.text, "reached");
    browser.post("/auth/logout", &[]).await.success();
    let attacker = app.browser().with_cookies(cookies);
    let response = attacker.call("GET", "/api/demo/x", "").await;
    assert_eq!(response.problem(), (401, "not_signed_in".into()));
}

#[tokio::test]
async fn the_next_call_after_a_manual_refresh_uses_the_new_token() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for _ in 0..3 {
        browser.call("GET", "/api/demo/me", "").await.success();
        let after = browser.post("/auth/refresh", &[]).await.success();
        browser.call("GET", "/api/demo/me", "").await.success();
        let log = browser.get("/auth/log").await.success();
        let last = log["exchanges"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["to"], "api");
        assert_eq!(last["sent"][0]["value"]["token"], after["access_token"]);
    }
}

#[tokio::test]
async fn a_sign_out_at_another_replica_takes_effect_within_a_second() {
    let app = app_for_accepting_api().await;
    let (local, replica) = (app.router(), app.replica().await);
    let browser = app.browser();
    browser.sign_in("alice").await;
    assert_eq!(send_to(&replica, "GET", "/api/demo/x", &browser).await, 200);
    // Now the local server has the session in its cache.
    assert_eq!(send_to(&local, "GET", "/api/demo/x", &browser).await, 200);
    assert_eq!(
        send_to(&replica, "POST", "/auth/logout", &browser).await,
        200
    );
    let signed_out = Instant::now();
    loop {
        let since = signed_out.elapsed();
        if send_to(&local, "GET", "/api/demo/x", &browser).await == 401 {
            break;
        }
        // The time at which an accepted call began.
        assert!(since < Duration::from_millis(1100), "{since:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn calls_succeed_after_a_refresh_at_another_replica() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for _ in 0..3 {
        browser.call("GET", "/api/demo/me", "").await.success();
        assert_eq!(
            send_to(&replica, "POST", "/auth/refresh", &browser).await,
            200
        );
        browser.call("GET", "/api/demo/me", "").await.success();
    }
}
