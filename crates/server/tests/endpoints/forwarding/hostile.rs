//! APIs that hang, break off, or answer what no browser should see.

use super::upstream::{PATIENCE, Upstream, app_before, app_before_raw, app_before_words};
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

/// The problem that a call meets.
async fn problem(app: &TestApp) -> (u16, String) {
    let browser = app.browser();
    browser.sign_in("alice").await;
    let answer = browser.call("GET", "/api/demo/x", "").await;
    // What went wrong says nothing of where the API is.
    assert!(!answer.text.contains("127.0.0.1"), "{}", answer.text);
    answer.problem()
}

/// What a call brings: its status, and its body unless that breaks off.
async fn brought(app: &TestApp) -> (StatusCode, Option<String>) {
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.stream("GET", "/api/demo/x", Body::empty()).await;
    let status = response.status();
    let reading = to_bytes(response.into_body(), 1 << 20);
    let body = timeout(PATIENCE, reading).await.unwrap();
    (
        status,
        body.ok()
            .map(|body| String::from_utf8_lossy(&body).into_owned()),
    )
}

#[tokio::test]
async fn an_api_that_never_answers_is_a_gateway_timeout() {
    let app = app_before_raw(PATIENCE / 30, async |_stream| sleep(HOUR).await).await;
    let told = timeout(PATIENCE, problem(&app)).await.unwrap();
    assert_eq!(told, (504, "api_timed_out".into()));
}

#[tokio::test]
async fn an_api_that_cannot_be_had_is_a_bad_gateway() {
    // Taken, so that nobody else listens there either.
    let taken = TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = taken.local_addr().unwrap();
    let app = app_before(address, &["* /*"], |_| ()).await;
    assert_eq!(problem(&app).await, (502, "api_unavailable".into()));
}

#[tokio::test]
async fn an_api_that_cannot_prove_who_it_is_gets_no_token() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "in the clear"))).await;
    let app = app_before(upstream.address, &["* /*"], |api| {
        api.upstream = format!("https://{}/v1", upstream.address).parse().unwrap();
    })
    .await;
    assert_eq!(problem(&app).await, (502, "api_unavailable".into()));
    assert_eq!(upstream.heard().len(), 0);
}

#[tokio::test]
async fn an_api_that_breaks_off_or_speaks_no_http_is_a_bad_gateway() {
    for words in [
        &b""[..],
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
    ] {
        let app = app_before_words(words).await;
        assert_eq!(
            problem(&app).await,
            (502, "api_unavailable".into()),
            "{words:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_never_taken_for_a_whole_one() {
    for words in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello",
    ] {
        let app = app_before_words(words).await;
        assert_eq!(brought(&app).await, (StatusCode::OK, None), "{words:?}");
    }
    let whole = app_before_words(b"HTTP/1.0 200 OK\r\n\r\nhello").await;
    assert_eq!(
        brought(&whole).await,
        (StatusCode::OK, Some("hello".into()))
    );
}

#[tokio::test]
async fn an_api_that_falls_silent_in_its_answer_is_given_up_on() {
    let app = app_before_raw(PATIENCE / 10, |mut stream| async move {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello";
        let _ = stream.write_all(head).await;
        sleep(HOUR).await;
    })
    .await;
    assert_eq!(brought(&app).await, (StatusCode::OK, None));
}

#[tokio::test]
async fn an_answer_that_drips_comes_whole() {
    let patience = Duration::from_secs(3);
    let app = app_before_raw(patience, move |mut stream| async move {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n";
        let _ = stream.write_all(head).await;
        for _ in 0..8 {
            sleep(patience / 6).await;
            let _ = stream.write_all(b".").await;
        }
    })
    .await;
    assert_eq!(
        brought(&app).await,
        (StatusCode::OK, Some("........".into()))
    );
}

#[tokio::test]
async fn an_api_cannot_speak_for_our_origin_and_its_errors_come_as_they_are() {
    let answer = any(async || {
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
        ];
        (StatusCode::SERVICE_UNAVAILABLE, headers, "<h1>Maintenance")
    });
    let upstream = Upstream::start(Router::new().fallback(answer)).await;
    let app = upstream.behind(&["GET /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let answer = browser.call("GET", "/api/demo/x", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text, "<h1>Maintenance");
    for name in [
        "set-cookie",
        "clear-site-data",
        "access-control-allow-origin",
        "strict-transport-security",
    ] {
        assert_eq!(answer.header(name), "", "{name}");
    }
    assert_eq!(answer.header("x-total"), "7");
    assert_eq!(answer.header("cache-control"), "private, max-age=600");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    // Shown as a page it could not do anything.
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_leads_nowhere_else() {
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
    let app = upstream.behind(&["GET /*"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for (path, status, location) in [
        ("inside", 303, "/api/demo/orders?a=b"),
        ("outside", 303, ""),
        ("beside", 303, ""),
        ("made", 201, "/api/demo/orders/7"),
    ] {
        let answer = browser.call("GET", &format!("/api/demo/{path}"), "").await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("location"), location, "{path}");
    }
    assert_eq!(upstream.heard().len(), 4);
}

#[tokio::test]
async fn head_and_empty_answers_keep_their_shape() {
    let answer = any(
        async |headers: HeaderMap| match headers.contains_key("if-none-match") {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => ([("etag", "\"1\"")], "hello").into_response(),
        },
    );
    let upstream = Upstream::start(Router::new().fallback(answer)).await;
    let app = upstream.behind(&["* /x"]).await;
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
