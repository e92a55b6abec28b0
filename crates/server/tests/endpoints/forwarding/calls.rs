//! What a call is made of, on both sides, and who may make one.

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
    let echo = browser.send(call, "a=b".into()).await.good();
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
    assert_eq!(me.good()["name"], "Alice Example");
}

#[tokio::test]
async fn an_api_gets_the_further_headers_that_its_settings_name() {
    let upstream = Upstream::start(Router::new().fallback(any(async || ""))).await;
    let app = super::upstream::app_before(upstream.address, &["POST /open"], |api| {
        api.request_headers = vec!["X-Api-Version".parse().unwrap()];
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let call = Request::post("/api/demo/open")
        .header("x-csrf", "1")
        .header("x-api-version", "2")
        .header("x-api-flavour", "3");
    let answer = browser.send(call, String::new()).await;
    assert_eq!(answer.status, 200);
    let [heard] = &upstream.heard()[..] else {
        panic!("one request");
    };
    assert_eq!(heard.headers["x-api-version"], "2");
    assert!(!heard.headers.contains_key("x-api-flavour"));
}

#[tokio::test]
async fn no_token_and_no_secret_comes_back() {
    // An API that repeats in its headers what it was told in confidence.
    let repeat = any(async |headers: HeaderMap| {
        let told = headers["authorization"].clone();
        (
            [("authorization", told.clone()), ("set-cookie", told)],
            "{}",
        )
    });
    let upstream = Upstream::start(Router::new().fallback(repeat)).await;
    let app = upstream.behind(&["GET /echo"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let answer = browser.call("GET", "/api/demo/echo", "").await;
    let log = browser.get("/auth/log").await;
    let token = upstream.heard()[0].token().to_owned();
    assert!(token.len() > 20);
    for answer in [answer, log] {
        answer.good();
        assert!(!answer.text.contains(&token));
        assert!(!format!("{:?}", answer.headers).contains(&token));
    }
    let demo = TestApp::start().await;
    let browser = demo.browser();
    browser.sign_in("alice").await;
    let answer = browser.call("POST", "/api/demo/echo", "x").await;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    for word in format!("{:?} {}", answer.headers, answer.text).split(|c| !is_part(c)) {
        assert!(word.len() < 40, "{word}");
    }
}

#[tokio::test]
async fn nothing_but_the_applications_own_calls_gets_through() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "reached"))).await;
    let app = upstream.behind(&["GET /open", "PUT /orders/{id}"]).await;
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
        (marked("GET", "/api/other/open"), (404, "unknown_api")),
        (marked("GET", "/api/demo"), (404, "not_found")),
        (marked("GET", "/api/demo/"), (404, "not_found")),
        (marked("GET", "/api/demo/closed"), (404, "not_found")),
        (marked("GET", "/api/demo/orders/1"), (404, "not_found")),
        (marked("POST", path), (404, "not_found")),
        (marked("HEAD", path), (404, "")),
        (marked("OPTIONS", path), (404, "not_found")),
        (marked("TRACE", path), (404, "not_found")),
        (marked("PROPFIND", path), (404, "not_found")),
    ];
    for (request, (status, code)) in cases {
        let shown = format!("{request:?}");
        let answer = browser.send(request, String::new()).await;
        assert_eq!(answer.status, status, "{shown}");
        if !code.is_empty() {
            assert_eq!(answer.problem().1, code, "{shown}");
            assert_eq!(answer.header("content-type"), "application/json");
        }
    }
    for cookie in [None, Some("garbage".to_owned()), Some("A".repeat(43))] {
        let cookies = cookie.map(|value| ("__Host-Http-confidant".to_owned(), value));
        let nobody = app.browser().with_cookies(cookies.into_iter().collect());
        let answer = nobody.call("GET", path, "").await;
        assert_eq!(answer.problem(), (401, "not_signed_in".into()));
    }
    assert_eq!(upstream.heard().len(), 0);
    // They were all turned away for what they were, and for nothing else.
    assert_eq!(browser.call("GET", path, "").await.text, "reached");
    assert_eq!(
        browser.call("PUT", "/api/demo/orders/1", "x").await.text,
        "reached"
    );
    let targets: Vec<_> = upstream
        .heard()
        .into_iter()
        .map(|heard| heard.target)
        .collect();
    assert_eq!(targets, ["/v1/open", "/v1/orders/1"]);
}

fn marked(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("x-csrf", "1")
}

#[tokio::test]
async fn a_token_goes_to_no_api_of_another_provider() {
    let upstream = Upstream::start(Router::new().fallback(any(async || ""))).await;
    let app = super::upstream::app_before(upstream.address, &["GET /open"], |api| {
        api.provider = "another".into();
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let answer = browser.call("GET", "/api/demo/open", "").await;
    assert_eq!(answer.problem(), (403, "wrong_provider".into()));
    assert_eq!(upstream.heard().len(), 0);
}

#[tokio::test]
async fn an_expired_token_is_refreshed_first_and_every_leg_is_written_down() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.call("GET", "/api/demo/me", "").await.good();
    let expired = browser.post("/auth/expire", &[]).await.good();
    browser.call("GET", "/api/demo/me?x=y", "").await.good();
    let after = browser.get("/auth/token").await.good();
    assert_ne!(after["access_token"], expired["access_token"]);
    let log = browser.get("/auth/log").await.good();
    let exchanges = log["exchanges"].as_array().unwrap();
    let legs: Vec<_> = exchanges.iter().rev().take(3).rev().map(leg).collect();
    assert_eq!(
        legs,
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

fn leg(exchange: &Value) -> String {
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
