//! The server's router: what each request meets before and after its endpoint.

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

/// A server at this URL. Nothing listens at its provider's address, and no
/// request here needs the provider.
async fn app(public_url: &str) -> Router {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("confidant.db").display());
    let variables = [
        ("CONFIDANT_STORE", store.as_str()),
        ("CONFIDANT_PUBLIC_URL", public_url),
        ("CONFIDANT_DEMO_PROVIDER", "127.0.0.1:9"),
    ];
    let environment: Environment = variables.into_iter().collect();
    let config = Config::load(None, &environment, &|| Secret::new("unused")).unwrap();
    let site = serve::site().unwrap();
    let bff = serve::open(&config, &site).await.unwrap();
    serve::assemble(bff, None, site)
}

async fn send(request: Builder, body: impl Into<Body>) -> Response {
    let request = request.body(body.into()).unwrap();
    app("http://localhost:3000")
        .await
        .oneshot(request)
        .await
        .unwrap()
}

async fn told(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 10_000).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

async fn code(response: Response) -> (u16, String) {
    let (status, body) = told(response).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_program_reaches_an_endpoint_with_the_header_and_not_without() {
    let without = send(Request::post("/auth/refresh"), "a=b").await;
    assert_eq!(code(without).await, (403, "cross_site".into()));
    let with = send(Request::post("/auth/refresh").header("x-csrf", "1"), "a=b").await;
    assert_eq!(code(with).await, (401, "not_signed_in".into()));
    let reading = send(Request::get("/auth/session"), "").await;
    let signed_out = json!({"signed_in": false, "unknown": false});
    assert_eq!(told(reading).await, (200, signed_out));
}

#[tokio::test]
async fn another_site_reaches_no_endpoint() {
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
async fn a_call_to_an_api_passes_with_the_header_whatever_its_method_and_size() {
    for method in ["GET", "POST", "OPTIONS"] {
        let call = || Request::builder().method(method).uri("/api/a/b");
        let unmarked = send(call(), "").await;
        assert_eq!(code(unmarked).await, (403, "cross_site".into()));
        let marked = send(call().header("x-csrf", "1"), vec![b'a'; 100_000]).await;
        assert_eq!(code(marked).await, (404, "unknown_api".into()));
    }
    let socket = Request::get("/api/a/b").header("upgrade", "websocket");
    assert_eq!(
        code(send(socket, "").await).await,
        (501, "upgrade_refused".into())
    );
}

#[tokio::test]
async fn what_is_meant_for_a_proxy_is_refused() {
    for (method, target) in [("CONNECT", "localhost:80"), ("OPTIONS", "*")] {
        let request = Request::builder().method(method).uri(target);
        let refused = code(send(request, "").await).await;
        assert_eq!(refused, (400, "bad_request".into()), "{method} {target}");
    }
}

#[tokio::test]
async fn a_form_from_another_site_gets_a_page_that_says_so() {
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
    let (status, page) = told(response).await;
    assert_eq!(status, 403);
    assert!(page.as_str().unwrap().contains("another site"), "{page}");
}

#[tokio::test]
async fn our_own_form_is_led_on() {
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
    let elsewhere = send(form(), "return_to=//evil.example").await;
    assert_eq!(elsewhere.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_body_too_large_is_refused_whether_announced_or_not() {
    let post = || Request::post("/auth/refresh").header("x-csrf", "1");
    let largest = vec![b'a'; 64 * 1024];
    assert_eq!(told(send(post(), largest.clone()).await).await.0, 401);
    let mut larger = largest;
    larger.push(b'a');
    let announced = post().header("content-length", larger.len());
    let streamed = || {
        let chunks = larger
            .chunks(1000)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()));
        Body::from_stream(futures::stream::iter(chunks.collect::<Vec<_>>()))
    };
    for response in [
        send(announced, larger.clone()).await,
        send(post(), streamed()).await,
    ] {
        assert_eq!(code(response).await, (413, "body_too_large".into()));
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_in_json_to_programs_and_as_a_page_to_people() {
    let response = send(Request::get("/auth/nothing"), "").await;
    assert_eq!(code(response).await, (404, "not_found".into()));
    let page = send(Request::get("/nothing"), "").await;
    let (status, page) = told(page).await;
    assert_eq!(status, 404);
    assert!(page.as_str().unwrap().contains("<h1>"), "{page}");
}

#[tokio::test]
async fn the_wrong_method_is_told_with_the_right_one() {
    let response = send(Request::get("/auth/refresh"), "").await;
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(code(response).await, (405, "method_not_allowed".into()));
}

#[tokio::test]
async fn every_answer_is_safe_by_default() {
    for path in [
        "/",
        "/auth/session",
        "/auth/nothing",
        "/pkg/nothing.js",
        "/healthz",
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
async fn the_page_with_the_code_in_its_address_sends_no_referrer() {
    let response = send(Request::get("/callback?code=c&state=s"), "").await;
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn https_is_pinned_where_people_use_it() {
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
