//! How soon a change shows to calls, which do not read the database each time.

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

async fn ask(replica: &Router, method: &str, path: &str, browser: &Browser<'_>) -> StatusCode {
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

/// An API that accepts every token for ever, so that only we can say no.
async fn trusting() -> TestApp {
    let answer = any(async || "reached");
    let upstream = Upstream::start(Router::new().fallback(answer)).await;
    upstream.behind(&["GET /x"]).await
}

#[tokio::test]
async fn a_sign_out_here_shows_with_the_next_call() {
    let app = trusting().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let cookies = browser.cookies();
    assert_eq!(browser.call("GET", "/api/demo/x", "").await.text, "reached");
    browser.post("/auth/logout", &[]).await.good();
    let thief = app.browser().with_cookies(cookies);
    let answer = thief.call("GET", "/api/demo/x", "").await;
    assert_eq!(answer.problem(), (401, "not_signed_in".into()));
}

#[tokio::test]
async fn a_refresh_by_hand_shows_with_the_next_call() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for _ in 0..3 {
        browser.call("GET", "/api/demo/me", "").await.good();
        let after = browser.post("/auth/refresh", &[]).await.good();
        browser.call("GET", "/api/demo/me", "").await.good();
        let log = browser.get("/auth/log").await.good();
        let last = log["exchanges"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["to"], "api");
        assert_eq!(last["sent"][0]["value"]["token"], after["access_token"]);
    }
}

#[tokio::test]
async fn a_sign_out_at_another_replica_shows_within_a_second() {
    let app = trusting().await;
    let (here, elsewhere) = (app.router(), app.replica().await);
    let browser = app.browser();
    browser.sign_in("alice").await;
    assert_eq!(ask(&elsewhere, "GET", "/api/demo/x", &browser).await, 200);
    // Read just before, so that it is still remembered.
    assert_eq!(ask(&here, "GET", "/api/demo/x", &browser).await, 200);
    assert_eq!(ask(&elsewhere, "POST", "/auth/logout", &browser).await, 200);
    let out = Instant::now();
    loop {
        let since = out.elapsed();
        if ask(&here, "GET", "/api/demo/x", &browser).await == 401 {
            break;
        }
        // What matters is when a call that was let through began.
        assert!(since < Duration::from_millis(1100), "{since:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_refresh_at_another_replica_costs_a_call_nothing() {
    let app = TestApp::start().await;
    let elsewhere = app.replica().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for _ in 0..3 {
        browser.call("GET", "/api/demo/me", "").await.good();
        assert_eq!(
            ask(&elsewhere, "POST", "/auth/refresh", &browser).await,
            200
        );
        browser.call("GET", "/api/demo/me", "").await.good();
    }
}
