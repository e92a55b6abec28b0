//! APIs that hang, close the connection, or send what no browser should get.

use super::upstream::{
    TIMEOUT, Upstream, app_for_response_bytes, app_for_tcp_upstream, app_for_upstream,
};
use crate::app::TestApp;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect},
    routing::{any, get},
};
use std::time::Duration;
use tokio::{
    io::AsyncWriteExt,
    net::TcpSocket,
    time::{sleep, timeout},
};

const HOUR: Duration = Duration::from_secs(3600);

/// Calls the API. Returns the status and the code of the error response.
async fn problem(app: &TestApp) -> (u16, String) {
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.call("GET", "/api/demo/x", "").await;
    // The error does not reveal the API's address.
    assert!(!response.text.contains("127.0.0.1"), "{}", response.text);
    response.problem()
}

/// Calls the API. Returns the status, and the body if it is complete.
async fn fetch_body(app: &TestApp) -> (StatusCode, Option<String>) {
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.stream("GET", "/api/demo/x", Body::empty()).await;
    let status = response.status();
    let reading = to_bytes(response.into_body(), 1 << 20);
    let body = timeout(TIMEOUT, reading).await.unwrap();
    (
        status,
        body.ok()
            .map(|body| String::from_utf8_lossy(&body).into_owned()),
    )
}

#[tokio::test]
async fn an_api_that_never_responds_is_a_gateway_timeout() {
    let app = app_for_tcp_upstream(TIMEOUT / 30, async |_stream| sleep(HOUR).await).await;
    let error = timeout(TIMEOUT, problem(&app)).await.unwrap();
    assert_eq!(error, (504, "api_timed_out".into()));
}

#[tokio::test]
async fn an_api_that_cannot_be_reached_is_a_bad_gateway() {
    // Bound, so that no other process can listen on this address.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let app = app_for_upstream(address, &["* /*"], |_| ()).await;
    assert_eq!(problem(&app).await, (502, "api_unavailable".into()));
}

#[tokio::test]
async fn an_api_without_a_valid_certificate_gets_no_token() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "in the clear"))).await;
    let app = app_for_upstream(upstream.address, &["* /*"], |api| {
        api.upstream = format!("https://{}/v1", upstream.address).parse().unwrap();
    })
    .await;
    assert_eq!(problem(&app).await, (502, "api_unavailable".into()));
    assert_eq!(upstream.received().len(), 0);
}

#[tokio::test]
async fn a_malformed_or_truncated_response_head_is_a_bad_gateway() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
    ] {
        let app = app_for_response_bytes(bytes).await;
        assert_eq!(
            problem(&app).await,
            (502, "api_unavailable".into()),
            "{bytes:?}"
        );
    }
}

#[tokio::test]
async fn a_truncated_response_never_looks_complete() {
    for bytes in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello",
    ] {
        let app = app_for_response_bytes(bytes).await;
        assert_eq!(fetch_body(&app).await, (StatusCode::OK, None), "{bytes:?}");
    }
    let whole = app_for_response_bytes(b"HTTP/1.0 200 OK\r\n\r\nhello").await;
    assert_eq!(
        fetch_body(&whole).await,
        (StatusCode::OK, Some("hello".into()))
    );
}

#[tokio::test]
async fn a_response_that_stops_midway_times_out() {
    let app = app_for_tcp_upstream(TIMEOUT / 10, |mut stream| async move {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello";
        let _ = stream.write_all(head).await;
        sleep(HOUR).await;
    })
    .await;
    assert_eq!(fetch_body(&app).await, (StatusCode::OK, None));
}

#[tokio::test]
async fn a_slow_response_arrives_completely() {
    let api_timeout = Duration::from_secs(3);
    let app = app_for_tcp_upstream(api_timeout, move |mut stream| async move {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n";
        let _ = stream.write_all(head).await;
        for _ in 0..8 {
            sleep(api_timeout / 6).await;
            let _ = stream.write_all(b".").await;
        }
    })
    .await;
    assert_eq!(
        fetch_body(&app).await,
        (StatusCode::OK, Some("........".into()))
    );
}

#[tokio::test]
async fn an_api_cannot_set_headers_for_our_origin_and_its_errors_are_passed_on() {
    let handler = any(async || {
        let headers = [
            (
                "set-cookie",
                "__Host-Http-confidant=planted; Path=/; Secure",
            ),
            ("clear-site-data", "\"*\""),
            ("content-security-policy", "script-src *"),
            ("access-control-allow-origin", "*"),
            ("strict-transport-security", "max-age=1"),
            ("cache-control", "public, max-age=600"),
            ("content-type", "text/html"),
            ("x-total", "7"),
            ("x-content-type-options", "off"),
            ("x-powered-by", "an old framework"),
        ];
        (StatusCode::SERVICE_UNAVAILABLE, headers, "<h1>Maintenance")
    });
    let upstream = Upstream::start(Router::new().fallback(handler)).await;
    let app = upstream.app(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.call("GET", "/api/demo/x", "").await;
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.text, "<h1>Maintenance");
    for name in [
        "set-cookie",
        "clear-site-data",
        "access-control-allow-origin",
        "strict-transport-security",
        "x-powered-by",
    ] {
        assert_eq!(response.header(name), "", "{name}");
    }
    assert_eq!(response.header("vary"), "cookie, x-csrf");
    assert_eq!(response.header("x-total"), "7");
    assert_eq!(response.header("cache-control"), "private, max-age=600");
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    // Opened as a page, the response could run no script.
    let policy = response.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_cannot_leave_the_api() {
    let router = Router::new()
        .route("/v1/inside", get(async || Redirect::to("/v1/orders?a=b")))
        .route(
            "/v1/outside",
            get(async || Redirect::to("https://evil.example/v1/x")),
        )
        .route("/v1/beside", get(async || Redirect::to("/admin")))
        .route(
            "/v1/made",
            get(async || (StatusCode::CREATED, [("location", "orders/7")]).into_response()),
        );
    let upstream = Upstream::start(router).await;
    let app = upstream.app(&["GET /*"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for (path, status, location) in [
        ("inside", 303, "/api/demo/orders?a=b"),
        ("outside", 303, ""),
        ("beside", 303, ""),
        ("made", 201, "/api/demo/orders/7"),
    ] {
        let response = browser.call("GET", &format!("/api/demo/{path}"), "").await;
        assert_eq!(response.status, status);
        assert_eq!(response.header("location"), location, "{path}");
    }
    assert_eq!(upstream.received().len(), 4);
}

#[tokio::test]
async fn responses_without_a_body_stay_unchanged() {
    let handler = any(async |headers: HeaderMap| {
        if headers.contains_key("if-none-match") {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([("etag", "\"1\"")], "hello").into_response()
        }
    });
    let upstream = Upstream::start(Router::new().fallback(handler)).await;
    let app = upstream.app(&["* /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let head = browser.call("HEAD", "/api/demo/x", "").await;
    assert_eq!(
        (head.header("content-length"), head.text.as_str()),
        ("5", "")
    );
    let request = axum::http::Request::get("/api/demo/x")
        .header("x-csrf", "1")
        .header("if-none-match", "\"1\"");
    let unchanged = browser.send(request, String::new()).await;
    assert_eq!(
        (unchanged.status, unchanged.text.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
}
