//! CORS, and the fault that removes its headers.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request, header},
};
use confidant_provider::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::app::{APP, SPA, TestApp, form_request};

fn preflight(path: &str, origin: &str) -> Request<Body> {
    Request::options(path)
        .header(header::ORIGIN, origin)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,dpop")
        .body(Body::empty())
        .unwrap()
}

fn from_page(path: &str, origin: &str) -> Request<Body> {
    let request = Request::get(path).header(header::ORIGIN, origin);
    request.body(Body::empty()).unwrap()
}

fn names_cors(headers: &HeaderMap) -> bool {
    let mut names = headers.keys();
    names.any(|name| name.as_str().starts_with("access-control-"))
}

#[tokio::test]
async fn a_page_of_the_public_client_can_read_tokeninfo() {
    let app = TestApp::new();
    let tokens = app.spa_tokens().await;
    let path = format!("/tokeninfo?access_token={}", tokens.access());
    let response = app.send(from_page(&path, APP)).await;
    assert_eq!(response.json()["azp"], SPA);
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), APP);
    let exposed = response.header(header::ACCESS_CONTROL_EXPOSE_HEADERS);
    assert!(exposed.contains("dpop-nonce") && exposed.contains("www-authenticate"));
    for origin in ["http://localhost:9999", "null"] {
        let response = app.send(from_page(&path, origin)).await;
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "");
    }
    // Introspection is for confidential clients, so no page may call it.
    let response = app.send(preflight("/introspect", APP)).await;
    assert!(!names_cors(&response.headers));
}

#[tokio::test]
async fn cors_headers_can_be_missing_on_preflights_too() {
    let app = TestApp::new();
    let first = app.spa_tokens().await;
    let presets = app.control(Method::GET, "/demo/presets", Value::Null).await;
    let presets = presets.json();
    let mut presets = presets["faults"].as_array().unwrap().iter();
    let preset = presets
        .find(|preset| preset["name"] == "CORS missing")
        .unwrap();
    let rules = preset["rules"].clone();
    app.control(Method::PUT, "/demo/faults", rules).await;
    for path in ["/api/me", "/token", "/tokeninfo", "/userinfo"] {
        let response = app.send(preflight(path, APP)).await;
        assert!(!names_cors(&response.headers), "{path}");
        let response = app.send(from_page(path, APP)).await;
        assert!(!names_cors(&response.headers), "{path}");
    }
    // The page cannot read the response, but the request is processed.
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", SPA),
        ("refresh_token", first.refresh()),
    ];
    let mut request = form_request("/token", &form);
    let origin = HeaderValue::from_static(APP);
    request.headers_mut().insert(header::ORIGIN, origin);
    let response = app.send(request).await;
    assert_eq!(response.status, 200);
    assert!(!names_cors(&response.headers));
    let reasons = app.logged("reason").await;
    assert!(reasons.contains(&json!("without_cors")));

    app.control(Method::POST, "/demo/reset", Value::Null).await;
    let response = app.send(preflight("/api/me", APP)).await;
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), APP);
}

#[tokio::test]
async fn cors_headers_can_be_missing_once_at_one_endpoint() {
    let app = TestApp::new();
    let rule = FaultRule {
        endpoint: Some("/api/*".to_owned()),
        client: Some(SPA.to_owned()),
        times: Some(1),
        ..FaultRule::new(Fault::WithoutCors {})
    };
    app.controls.set_faults(vec![rule]).unwrap();
    let response = app.send(preflight("/token", APP)).await;
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), APP);
    let response = app.send(preflight("/api/me", APP)).await;
    assert!(!names_cors(&response.headers));
    let response = app.send(preflight("/api/me", APP)).await;
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), APP);
}
