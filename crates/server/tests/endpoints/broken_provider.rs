//! A provider that is down, answers nonsense, or does not answer.

use crate::app::TestApp;
use axum::{Router, http::StatusCode, response::Html, routing::any};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_provider_that_answers_html_is_a_bad_gateway() {
    let html = Router::new().fallback(any(async || Html("<h1>Welcome to our portal")));
    let app = TestApp::with_impostor(html).await;
    let answer = app
        .browser()
        .post("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(answer.problem(), (502, "provider_misbehaved".into()));
    assert!(!answer.text.contains("portal"));
}

#[tokio::test]
async fn a_provider_that_is_down_is_worth_another_try() {
    let down = Router::new().fallback(any(async || StatusCode::SERVICE_UNAVAILABLE));
    let app = TestApp::with_impostor(down).await;
    let browser = app.browser();
    let answer = browser
        .post("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(answer.problem(), (503, "provider_unavailable".into()));
    let page = browser
        .submit("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(page.status, 503);
    assert_ne!(page.header("retry-after"), "");
}

#[tokio::test]
async fn a_provider_that_hangs_holds_nobody_up_for_long() {
    let hangs = Router::new().fallback(any(async || {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }));
    let app = TestApp::with_impostor(hangs).await;
    let began = Instant::now();
    let answer = app
        .browser()
        .post("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(answer.problem(), (503, "provider_unavailable".into()));
    assert!(began.elapsed() < Duration::from_secs(15));
}
