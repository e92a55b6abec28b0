//! An API that does not accept the token.

use super::upstream::{Heard, Upstream};
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

/// Accepts any token but the first that it sees.
async fn picky() -> Upstream {
    let first = Arc::new(Mutex::new(None));
    let answer = any(async move |headers: HeaderMap, body: String| {
        let token = headers["authorization"].clone();
        let mut first = first.lock().unwrap();
        if *first.get_or_insert_with(|| token.clone()) == token {
            let challenge = [("www-authenticate", "Bearer error=\"invalid_token\"")];
            return (StatusCode::UNAUTHORIZED, challenge, "no").into_response();
        }
        body.into_response()
    });
    Upstream::start(Router::new().fallback(answer)).await
}

/// Accepts no token.
async fn closed() -> Upstream {
    let answer = any(async || {
        let challenge = [("www-authenticate", "Basic realm=\"Your password, please\"")];
        (
            StatusCode::UNAUTHORIZED,
            challenge,
            "{\"reason\":\"audience\"}",
        )
    });
    Upstream::start(Router::new().fallback(answer)).await
}

async fn token_requests(browser: &Browser<'_>) -> usize {
    let log = browser.get("/auth/log").await.good();
    let exchanges = log["exchanges"].as_array().unwrap().iter();
    exchanges
        .filter(|exchange| exchange["path"] == "/token")
        .count()
}

fn tokens(heard: &[Heard]) -> Vec<&str> {
    heard.iter().map(Heard::token).collect()
}

#[tokio::test]
async fn a_401_is_met_with_one_refresh_and_the_same_request_again() {
    let upstream = picky().await;
    let app = upstream.behind(&["PATCH /orders/{id}"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let body = "x".repeat(64 * 1024);
    let answer = browser.call("PATCH", "/api/demo/orders/7?a=b", &body).await;
    assert_eq!((answer.status, answer.text == body), (StatusCode::OK, true));
    let heard = upstream.heard();
    let [first, second] = heard.as_slice() else {
        panic!("{} requests", heard.len());
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
    let upstream = picky().await;
    let app = upstream.behind(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let calls = (0..50).map(|_| browser.call("GET", "/api/demo/x", ""));
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let heard = upstream.heard();
    let distinct: BTreeSet<_> = tokens(&heard).into_iter().collect();
    assert_eq!(distinct.len(), 2);
    assert_eq!(token_requests(&browser).await, 2);
}

#[tokio::test]
async fn an_api_that_accepts_no_token_is_quoted_and_sets_off_no_storm() {
    let upstream = closed().await;
    let app = upstream.behind(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for _ in 0..5 {
        let answer = browser.call("GET", "/api/demo/x", "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json()["reason"], "audience");
        // Or the browser would ask for a password.
        assert_eq!(answer.header("www-authenticate"), "");
    }
    assert_eq!(upstream.heard().len(), 6);
    assert_eq!(token_requests(&browser).await, 2);
    assert_eq!(browser.get("/auth/session").await.good()["signed_in"], true);
}

#[tokio::test]
async fn a_large_body_is_not_sent_twice_but_the_next_one_finds_a_newer_token() {
    let upstream = picky().await;
    let app = upstream.behind(&["POST /x"]).await;
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
    let heard = upstream.heard();
    assert_eq!(heard.len(), 2);
    assert_ne!(heard[0].token(), heard[1].token());
}

#[tokio::test]
async fn a_grant_that_the_provider_ended_is_told_as_that_and_not_as_the_apis_401() {
    let closing = Arc::new(AtomicBool::new(false));
    let closed = closing.clone();
    let answer = any(async move || match closed.load(SeqCst) {
        true => StatusCode::UNAUTHORIZED,
        false => StatusCode::OK,
    });
    let upstream = Upstream::start(Router::new().fallback(answer)).await;
    let app = upstream.behind(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.call("GET", "/api/demo/x", "").await;
    app.revoke(upstream.heard()[0].token()).await;
    closing.store(true, SeqCst);
    let answer = browser.call("GET", "/api/demo/x", "").await;
    assert_eq!(answer.problem(), (401, "grant_dead".into()));
}
