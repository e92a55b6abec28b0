//! APIs that refuse the token.

use super::upstream::{ReceivedRequest, Upstream};
use crate::app::Browser;
use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::any,
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

/// Starts an API that refuses the first token it receives and accepts any other.
async fn refusing_first_token() -> Upstream {
    let first = Arc::new(Mutex::new(None));
    let handler = any(async move |headers: HeaderMap, body: String| {
        let token = headers["authorization"].clone();
        let mut first = first.lock().unwrap();
        if *first.get_or_insert_with(|| token.clone()) == token {
            let challenge = [("www-authenticate", "Bearer error=\"invalid_token\"")];
            return (StatusCode::UNAUTHORIZED, challenge, "no").into_response();
        }
        body.into_response()
    });
    Upstream::start(Router::new().fallback(handler)).await
}

/// Starts an API that refuses every token.
async fn refusing_every_token() -> Upstream {
    let handler = any(async || {
        let challenge = [("www-authenticate", "Basic realm=\"Your password, please\"")];
        (
            StatusCode::UNAUTHORIZED,
            challenge,
            "{\"reason\":\"audience\"}",
        )
    });
    Upstream::start(Router::new().fallback(handler)).await
}

async fn token_requests(browser: &Browser<'_>) -> usize {
    let log = browser.get("/auth/log").await.success();
    let exchanges = log["exchanges"].as_array().unwrap().iter();
    exchanges
        .filter(|exchange| exchange["path"] == "/token")
        .count()
}

fn tokens(received: &[ReceivedRequest]) -> Vec<&str> {
    received.iter().map(ReceivedRequest::token).collect()
}

#[tokio::test]
async fn after_a_401_the_token_is_refreshed_and_the_request_repeated_once() {
    let upstream = refusing_first_token().await;
    let app = upstream.app(&["PATCH /orders/{id}"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let body = "x".repeat(64 * 1024);
    let response = browser.call("PATCH", "/api/demo/orders/7?a=b", &body).await;
    assert_eq!(
        (response.status, response.text == body),
        (StatusCode::OK, true)
    );
    let received = upstream.received();
    let [first, second] = received.as_slice() else {
        panic!("{} requests", received.len());
    };
    assert_ne!(first.token(), second.token());
    assert_eq!(
        (&first.method, &first.target, &first.body),
        (&second.method, &second.target, &second.body)
    );
    assert_eq!(second.body, body.as_bytes());
    assert_eq!(token_requests(&browser).await, 2);
}

#[tokio::test]
async fn fifty_calls_with_a_refused_token_refresh_once() {
    let upstream = refusing_first_token().await;
    let app = upstream.app(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let calls = (0..50).map(|_| browser.call("GET", "/api/demo/x", ""));
    for response in futures::future::join_all(calls).await {
        assert_eq!(response.status, StatusCode::OK, "{}", response.text);
    }
    let received = upstream.received();
    let distinct: BTreeSet<_> = tokens(&received).into_iter().collect();
    assert_eq!(distinct.len(), 2);
    assert_eq!(token_requests(&browser).await, 2);
}

#[tokio::test]
async fn the_401_of_an_api_that_refuses_every_token_is_passed_on_without_a_storm() {
    let upstream = refusing_every_token().await;
    let app = upstream.app(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for _ in 0..5 {
        let response = browser.call("GET", "/api/demo/x", "").await;
        assert_eq!(response.status, StatusCode::UNAUTHORIZED);
        assert_eq!(response.json()["reason"], "audience");
        // With this header the browser would ask for a password.
        assert_eq!(response.header("www-authenticate"), "");
    }
    assert_eq!(upstream.received().len(), 6);
    assert_eq!(token_requests(&browser).await, 2);
    assert_eq!(
        browser.get("/auth/session").await.success()["signed_in"],
        true
    );
}

#[tokio::test]
async fn a_large_body_is_not_sent_twice_but_the_next_request_uses_a_new_token() {
    let upstream = refusing_first_token().await;
    let app = upstream.app(&["POST /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let large = "x".repeat(64 * 1024 + 1);
    let first = browser.call("POST", "/api/demo/x", &large).await;
    assert_eq!(first.status, StatusCode::UNAUTHORIZED);
    let second = browser.call("POST", "/api/demo/x", &large).await;
    assert_eq!(
        (second.status, second.text.len()),
        (StatusCode::OK, large.len())
    );
    let received = upstream.received();
    assert_eq!(received.len(), 2);
    assert_ne!(received[0].token(), received[1].token());
}

#[tokio::test]
async fn a_grant_that_the_provider_revoked_is_reported_instead_of_the_apis_401() {
    let refuse = Arc::new(AtomicBool::new(false));
    let refuses = refuse.clone();
    let handler = any(async move || {
        if refuses.load(SeqCst) {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::OK
        }
    });
    let upstream = Upstream::start(Router::new().fallback(handler)).await;
    let app = upstream.app(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.call("GET", "/api/demo/x", "").await;
    app.revoke(upstream.received()[0].token()).await;
    refuse.store(true, SeqCst);
    let response = browser.call("GET", "/api/demo/x", "").await;
    assert_eq!(response.problem(), (401, "grant_dead".into()));
}
