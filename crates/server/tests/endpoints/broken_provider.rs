//! A provider that is down, responds with HTML, or does not respond.

use crate::app::TestApp;
use axum::{Router, http::StatusCode, response::Html, routing::any};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_provider_that_responds_with_html_is_a_bad_gateway() {
    let html = Router::new().fallback(any(async || Html("<h1>Welcome to our portal")));
    let app = TestApp::start_with_provider(html).await;
    let response = app
        .browser()
        .post("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(response.problem(), (502, "provider_misbehaved".into()));
    assert!(!response.text.contains("portal"));
}

#[tokio::test]
async fn a_provider_that_is_down_is_503_with_retry_after() {
    let down = Router::new().fallback(any(async || StatusCode::SERVICE_UNAVAILABLE));
    let app = TestApp::start_with_provider(down).await;
    let browser = app.browser();
    let response = browser
        .post("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(response.problem(), (503, "provider_unavailable".into()));
    let page = browser
        .submit("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(page.status, 503);
    assert_ne!(page.header("retry-after"), "");
}

#[tokio::test]
async fn a_sign_in_does_not_wait_long_for_a_provider_that_hangs() {
    let hangs = Router::new().fallback(any(async || {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }));
    let app = TestApp::start_with_provider(hangs).await;
    let began = Instant::now();
    let response = app
        .browser()
        .post("/auth/login/start", &[("provider", "demo")])
        .await;
    assert_eq!(response.problem(), (503, "provider_unavailable".into()));
    assert!(began.elapsed() < Duration::from_secs(15));
}
