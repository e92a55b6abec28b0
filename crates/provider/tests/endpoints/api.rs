//! The demo API.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use crate::app::{APP, TestApp, bearer};

#[tokio::test]
async fn echo_describes_the_request_without_the_token() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let request = Request::put("/api/echo?a=b%20c")
        .header(header::AUTHORIZATION, bearer(tokens.access()))
        .header("x-csrf", "1")
        .header(header::COOKIE, "session=secret; theme=dark")
        .body(Body::from("hello"))
        .unwrap();
    let response = app.send(request).await;
    assert!(!response.text.contains(tokens.access()));
    assert!(!response.text.contains("secret"));
    let echoed = response.json();
    assert_eq!(echoed["method"], "PUT");
    assert_eq!(echoed["path"], "/api/echo");
    assert_eq!(echoed["query"], "a=b%20c");
    assert_eq!(
        echoed["headers"],
        json!({"x-csrf": ["1"], "cookie": ["session; theme"]})
    );
    assert_eq!(
        echoed["body"],
        json!({"size": 5, "text": "hello", "complete": true})
    );
    assert_eq!(echoed["token"]["client_id"], "confidant-web");
}

#[tokio::test]
async fn echo_returns_a_part_of_a_large_body_and_refuses_a_huge_one() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let post = |size: usize| {
        let request = Request::post("/api/echo");
        let request = request.header(header::AUTHORIZATION, bearer(tokens.access()));
        request.body(Body::from("x".repeat(size))).unwrap()
    };
    let body = &app.send(post(60_000)).await.json()["body"];
    assert_eq!(body["size"], 60_000);
    assert_eq!(body["complete"], false);
    assert_eq!(body["text"].as_str().unwrap().len(), 4096);
    assert_eq!(app.send(post(70_000)).await.status, 413);
}

#[tokio::test]
async fn me_describes_the_user_of_the_token() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let response = app.get_with_token("/api/me", tokens.access()).await;
    assert_eq!(
        response.json(),
        json!({
            "sub": "10001",
            "username": "alice",
            "name": "Alice Example",
            "client_id": "confidant-web",
            "scope": "openid profile email offline_access",
        })
    );
}

#[tokio::test]
async fn the_api_rejects_every_method_without_a_token() {
    let app = TestApp::new();
    for method in [Method::GET, Method::POST, Method::DELETE, Method::PATCH] {
        let request = Request::builder().method(method).uri("/api/echo");
        let response = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status, 401);
        assert!(
            response
                .header(header::WWW_AUTHENTICATE)
                .starts_with("Bearer ")
        );
    }
    app.get_with_token("/api/me", "x")
        .await
        .assert_error(401, "invalid_token");
}

#[tokio::test]
async fn a_page_of_the_public_client_can_read_a_rejection() {
    let app = TestApp::new();
    let request = Request::get("/api/me").header(header::ORIGIN, APP);
    let response = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status, 401);
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), APP);
    assert!(
        response
            .header(header::ACCESS_CONTROL_EXPOSE_HEADERS)
            .contains("www-authenticate")
    );
}
