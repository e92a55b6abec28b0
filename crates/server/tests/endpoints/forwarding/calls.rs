//! What a forwarded call contains on both sides, and which calls are forwarded.

use super::upstream::Upstream;
use crate::app::TestApp;
use axum::{
    Router,
    http::{HeaderMap, Request},
    routing::any,
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_call_arrives_with_the_token_and_without_the_cookie() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let call = Request::post("/api/demo/echo?a=%2F..&b=c+d")
        .header("x-csrf", "1")
        .header("origin", "http://localhost:3000")
        .header("referer", "http://localhost:3000/bff/menu")
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", "10.0.0.1")
        .header("authorization", "Bearer planted")
        .header("accept-language", "de");
    let echo = browser.send(call, "a=b".into()).await.success();
    assert_eq!(echo["method"], "POST");
    assert_eq!(echo["path"], "/api/echo");
    assert_eq!(echo["query"], "a=%2F..&b=c+d");
    assert_eq!(echo["body"]["text"], "a=b");
    assert_eq!(echo["token"]["client_id"], "confidant-web");
    let headers = echo["headers"].as_object().unwrap();
    assert_eq!(headers["accept-language"], json!(["de"]));
    let expected = ["accept-language", "content-length", "content-type", "host"];
    let mut names: Vec<_> = headers.keys().collect();
    names.sort();
    assert_eq!(names, expected);

    let me = browser.call("GET", "/api/demo/me", "").await;
    assert_eq!(me.success()["name"], "Alice Example");
}

#[tokio::test]
async fn an_api_gets_the_additional_headers_that_its_settings_name() {
    let upstream = Upstream::start(Router::new().fallback(any(async || ""))).await;
    let app = super::upstream::app_for_upstream(upstream.address, &["POST /open"], |api| {
        api.request_headers = vec!["X-Api-Version".parse().unwrap()];
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let call = Request::post("/api/demo/open")
        .header("x-csrf", "1")
        .header("x-api-version", "2")
        .header("x-api-flavour", "3");
    let response = browser.send(call, String::new()).await;
    assert_eq!(response.status, 200);
    let [received] = &upstream.received()[..] else {
        panic!("one request");
    };
    assert_eq!(received.headers["x-api-version"], "2");
    assert!(!received.headers.contains_key("x-api-flavour"));
}

#[tokio::test]
async fn no_response_contains_a_token_or_secret() {
    // An API that repeats its access token in response headers.
    let repeat = any(async |headers: HeaderMap| {
        let token = headers["authorization"].clone();
        (
            [("authorization", token.clone()), ("set-cookie", token)],
            "{}",
        )
    });
    let upstream = Upstream::start(Router::new().fallback(repeat)).await;
    let app = upstream.app(&["GET /echo"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.call("GET", "/api/demo/echo", "").await;
    let log = browser.get("/auth/log").await;
    let token = upstream.received()[0].token().to_owned();
    assert!(token.len() > 20);
    for response in [response, log] {
        response.success();
        assert!(!response.text.contains(&token));
        assert!(!format!("{:?}", response.headers).contains(&token));
    }
    let demo = TestApp::start().await;
    let browser = demo.browser();
    browser.sign_in("alice").await;
    let response = browser.call("POST", "/api/demo/echo", "x").await;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    for word in format!("{:?} {}", response.headers, response.text).split(|c| !is_part(c)) {
        assert!(word.len() < 40, "{word}");
    }
}

#[tokio::test]
async fn only_the_applications_own_calls_to_listed_routes_are_forwarded() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "reached"))).await;
    let app = upstream.app(&["GET /open", "PUT /orders/{id}"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let path = "/api/demo/open";
    let cases = [
        (Request::get(path), (403, "cross_site")),
        (
            Request::get(path).header("x-csrf", "0"),
            (403, "cross_site"),
        ),
        (
            Request::get(path)
                .header("x-csrf", "1")
                .header("sec-fetch-site", "cross-site"),
            (403, "cross_site"),
        ),
        (
            Request::get(path)
                .header("x-csrf", "1")
                .header("sec-fetch-site", "same-site"),
            (403, "cross_site"),
        ),
        (
            Request::get(path)
                .header("sec-fetch-site", "same-origin")
                .header("sec-fetch-mode", "navigate")
                .header("accept", "text/html"),
            (403, "cross_site"),
        ),
        (
            Request::get(path)
                .header("upgrade", "websocket")
                .header("connection", "upgrade")
                .header("sec-websocket-key", "x"),
            (501, "upgrade_refused"),
        ),
        (with_header("GET", "/api/other/open"), (404, "unknown_api")),
        (with_header("GET", "/api/demo"), (404, "not_found")),
        (with_header("GET", "/api/demo/"), (404, "not_found")),
        (with_header("GET", "/api/demo/closed"), (404, "not_found")),
        (with_header("GET", "/api/demo/orders/1"), (404, "not_found")),
        (with_header("POST", path), (404, "not_found")),
        (with_header("HEAD", path), (404, "")),
        (with_header("OPTIONS", path), (404, "not_found")),
        (with_header("TRACE", path), (404, "not_found")),
        (with_header("PROPFIND", path), (404, "not_found")),
    ];
    for (request, (status, code)) in cases {
        let shown = format!("{request:?}");
        let response = browser.send(request, String::new()).await;
        assert_eq!(response.status, status, "{shown}");
        if !code.is_empty() {
            assert_eq!(response.problem().1, code, "{shown}");
            assert_eq!(response.header("content-type"), "application/json");
        }
    }
    for cookie in [None, Some("garbage".to_owned()), Some("A".repeat(43))] {
        let cookies = cookie.map(|value| ("__Host-Http-confidant".to_owned(), value));
        let without_session = app.browser().with_cookies(cookies.into_iter().collect());
        let response = without_session.call("GET", path, "").await;
        assert_eq!(response.problem(), (401, "not_signed_in".into()));
    }
    assert_eq!(upstream.received().len(), 0);
    // The listed routes are still forwarded.
    assert_eq!(browser.call("GET", path, "").await.text, "reached");
    assert_eq!(
        browser.call("PUT", "/api/demo/orders/1", "x").await.text,
        "reached"
    );
    let targets: Vec<_> = upstream
        .received()
        .into_iter()
        .map(|request| request.target)
        .collect();
    assert_eq!(targets, ["/v1/open", "/v1/orders/1"]);
}

fn with_header(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("x-csrf", "1")
}

#[tokio::test]
async fn an_api_of_another_provider_gets_no_token() {
    let upstream = Upstream::start(Router::new().fallback(any(async || ""))).await;
    let app = super::upstream::app_for_upstream(upstream.address, &["GET /open"], |api| {
        api.provider = "another".into();
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.call("GET", "/api/demo/open", "").await;
    assert_eq!(response.problem(), (403, "wrong_provider".into()));
    assert_eq!(upstream.received().len(), 0);
}

#[tokio::test]
async fn an_expired_token_is_refreshed_first_and_every_exchange_is_logged() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.call("GET", "/api/demo/me", "").await.success();
    let expired = browser.post("/auth/expire", &[]).await.success();
    browser.call("GET", "/api/demo/me?x=y", "").await.success();
    let after = browser.get("/auth/token").await.success();
    assert_ne!(after["access_token"], expired["access_token"]);
    let log = browser.get("/auth/log").await.success();
    let exchanges = log["exchanges"].as_array().unwrap();
    let lines: Vec<_> = exchanges.iter().rev().take(3).rev().map(summary).collect();
    assert_eq!(
        lines,
        [
            "browser GET /api/demo/me server 200",
            "server POST /token provider 200",
            "server GET /api/me api 200",
        ]
    );
    let sent = &exchanges.last().unwrap()["sent"];
    assert_eq!(sent[0]["name"], "authorization");
    assert_eq!(sent[0]["value"]["token"], after["access_token"]);
    assert_eq!(sent[1], json!({"name": "x", "value": "secret"}));
}

/// Returns the parties, the request and the status of an exchange in one line.
fn summary(exchange: &Value) -> String {
    let text = |name: &str| exchange[name].as_str().unwrap().to_owned();
    format!(
        "{} {} {} {} {}",
        text("from"),
        text("method"),
        text("path"),
        text("to"),
        exchange["status"]
    )
}

#[tokio::test]
async fn a_request_whose_method_has_no_body_is_not_forwarded_with_one() {
    let upstream = Upstream::start(Router::new().fallback(any(async || ""))).await;
    let app = upstream.app(&["* /open"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for method in ["GET", "HEAD", "OPTIONS"] {
        let refused = browser
            .call(method, "/api/demo/open", "GET /smuggled")
            .await;
        assert_eq!(refused.status, 400, "{method}");
    }
    assert_eq!(upstream.received().len(), 0);
    for (method, body) in [("GET", ""), ("POST", "a=b"), ("DELETE", "a=b")] {
        let passed = browser.call(method, "/api/demo/open", body).await;
        assert_eq!(passed.status, 200, "{method}");
    }
    assert_eq!(upstream.received().len(), 3);
}
