//! The server's router: the layers around the endpoints.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, request::Builder},
    response::Response,
};
use confidant::{
    config::{Config, Environment},
    serve,
};
use confidant_bff::Secret;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Builds a server with this public URL. No test in this file needs the provider,
/// so nothing listens on its address.
async fn app(public_url: &str) -> Router {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("confidant.db").display());
    let variables = [
        ("CONFIDANT_STORE", store.as_str()),
        ("CONFIDANT_DEMO_PROVIDER", "127.0.0.1:9"),
    ];
    let environment: Environment = variables.into_iter().collect();
    let mut config = Config::load(None, &environment, &|| Secret::new("unused")).unwrap();
    // A demo's configuration file names no public URL of other machines.
    config.settings.public_url = public_url.parse().unwrap();
    let site = serve::site_options().unwrap();
    let bff = serve::build_bff(&config, &site).await.unwrap();
    serve::build_router(bff, None, site)
}

async fn send(request: Builder, body: impl Into<Body>) -> Response {
    let request = request.body(body.into()).unwrap();
    app("http://localhost:3000")
        .await
        .oneshot(request)
        .await
        .unwrap()
}

/// Returns the status and the body, as JSON if it is JSON.
async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 10_000).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// Returns the status and the error code.
async fn code(response: Response) -> (u16, String) {
    let (status, body) = read(response).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_request_without_fetch_metadata_needs_the_csrf_header() {
    let without = send(Request::post("/auth/refresh"), "a=b").await;
    assert_eq!(code(without).await, (403, "cross_site".into()));
    let with = send(Request::post("/auth/refresh").header("x-csrf", "1"), "a=b").await;
    assert_eq!(code(with).await, (401, "not_signed_in".into()));
    let session = send(Request::get("/auth/session").header("x-csrf", "1"), "").await;
    let signed_out = json!({"signed_in": false, "unknown": false});
    assert_eq!(read(session).await, (200, signed_out));
}

#[tokio::test]
async fn a_cross_site_request_reaches_no_endpoint() {
    for path in ["/auth/session", "/auth/refresh", "/auth/nothing"] {
        for method in ["GET", "POST"] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("sec-fetch-site", "cross-site")
                .header("x-csrf", "1");
            assert_eq!(
                code(send(request, "").await).await,
                (403, "cross_site".into())
            );
        }
    }
}

#[tokio::test]
async fn an_api_call_needs_the_csrf_header_for_every_method_and_size() {
    for method in ["GET", "POST", "OPTIONS"] {
        let call = || Request::builder().method(method).uri("/api/a/b");
        let without = send(call(), "").await;
        assert_eq!(code(without).await, (403, "cross_site".into()));
        let with = send(call().header("x-csrf", "1"), vec![b'a'; 100_000]).await;
        assert_eq!(code(with).await, (404, "unknown_api".into()));
    }
    let socket = Request::get("/api/a/b").header("upgrade", "websocket");
    assert_eq!(
        code(send(socket, "").await).await,
        (501, "upgrade_refused".into())
    );
}

#[tokio::test]
async fn requests_for_a_proxy_are_refused() {
    for (method, target) in [("CONNECT", "localhost:80"), ("OPTIONS", "*")] {
        let request = Request::builder().method(method).uri(target);
        let refused = code(send(request, "").await).await;
        assert_eq!(refused, (400, "bad_request".into()), "{method} {target}");
    }
}

#[tokio::test]
async fn a_form_from_another_site_gets_an_error_page() {
    let form = Request::post("/auth/refresh")
        .header("host", "localhost:3000")
        .header("origin", "https://evil.example")
        .header("sec-fetch-mode", "navigate");
    let response = send(form, "").await;
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("style-src 'self'") && policy.contains("script-src 'none'"));
    let (status, page) = read(response).await;
    assert_eq!(status, 403);
    assert!(page.as_str().unwrap().contains("another site"), "{page}");
}

#[tokio::test]
async fn the_applications_own_form_is_redirected() {
    let form = || {
        Request::post("/auth/logout")
            .header("origin", "http://localhost:3000")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate")
    };
    let response = send(form(), "").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()["location"], "/");
    let response = send(form(), "return_to=/bff/menu").await;
    assert_eq!(response.headers()["location"], "/bff/menu");
    let foreign = send(form(), "return_to=//evil.example").await;
    assert_eq!(foreign.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_and_without_content_length() {
    let post = || Request::post("/auth/refresh").header("x-csrf", "1");
    let largest = vec![b'a'; 64 * 1024];
    assert_eq!(read(send(post(), largest.clone()).await).await.0, 401);
    let mut larger = largest;
    larger.push(b'a');
    let with_length = post().header("content-length", larger.len());
    let streamed = || {
        let chunks = larger
            .chunks(1000)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()));
        Body::from_stream(futures::stream::iter(chunks.collect::<Vec<_>>()))
    };
    for response in [
        send(with_length, larger.clone()).await,
        send(post(), streamed()).await,
    ] {
        assert_eq!(code(response).await, (413, "body_too_large".into()));
    }
}

#[tokio::test]
async fn not_found_is_json_for_programs_and_a_page_for_users() {
    let response = send(Request::get("/auth/nothing"), "").await;
    assert_eq!(code(response).await, (404, "not_found".into()));
    let page = send(Request::get("/nothing"), "").await;
    let (status, page) = read(page).await;
    assert_eq!(status, 404);
    assert!(page.as_str().unwrap().contains("<h1>"), "{page}");
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_the_allowed_ones() {
    let response = send(Request::get("/auth/refresh"), "").await;
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(code(response).await, (405, "method_not_allowed".into()));
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    for path in [
        "/",
        "/auth/session",
        "/auth/nothing",
        "/pkg/nothing.js",
        "/livez",
    ] {
        let response = send(Request::get(path), "").await;
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(
            headers["cross-origin-opener-policy"], "same-origin",
            "{path}"
        );
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!headers.contains_key("strict-transport-security"), "{path}");
    }
}

#[tokio::test]
async fn the_callback_page_sends_no_referrer() {
    let response = send(Request::get("/callback?code=c&state=s"), "").await;
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn hsts_is_set_if_the_public_url_is_https() {
    let request = Request::get("/").body(Body::empty()).unwrap();
    let response = app("https://app.example")
        .await
        .oneshot(request)
        .await
        .unwrap();
    assert_eq!(
        response.headers()["strict-transport-security"],
        "max-age=31536000"
    );
}
