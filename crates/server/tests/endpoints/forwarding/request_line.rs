//! Request lines and headers of attackers, byte for byte over TCP.

use super::upstream::Upstream;
use axum::{Router, routing::any};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const OPEN: [&str; 3] = ["* /open", "GET /files/*", "GET /orders/{id}/lines"];

/// Sends this request line and returns the status of the response, or 0 without a
/// response.
async fn status(address: SocketAddr, cookie: &str, line: &[u8], more: &str) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(line).await.unwrap();
    let rest = format!(
        " HTTP/1.1\r\nhost: localhost:3000\r\nx-csrf: 1\r\nconnection: close\r\n\
         cookie: __Host-Http-confidant={cookie}\r\n{more}\r\n"
    );
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    // After a malformed request the server may reset the connection.
    let _ = stream.read_to_end(&mut response).await;
    let text = String::from_utf8_lossy(&response).into_owned();
    text.split(' ')
        .nth(1)
        .map_or(0, |status| status.parse().unwrap())
}

#[tokio::test]
async fn no_request_line_reaches_a_route_that_is_not_listed() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "reached"))).await;
    let app = upstream.app(&OPEN).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let cookie = browser.cookies()["__Host-Http-confidant"].clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app.router()).into_future());

    let paths = [
        "/secret",
        "/open/secret",
        "/open/",
        "/Open",
        "/opened",
        "/files",
        "/filesystem",
        "/orders//lines",
        "/orders/1/2/lines",
        "/files/../secret",
        "/files/..",
        "/files/./a",
        "/files/%2e%2e/secret",
        "/files/.%2e/secret",
        "/files/%2E./secret",
        "/%2e/open",
        "/files/..%2fsecret",
        "/files/%2fsecret",
        "/files//secret",
        "//secret",
        "/files/a//b",
        "/files/..\\secret",
        "/files\\..\\secret",
        "/files/%5c..%5csecret",
        "/files/..%5csecret",
        "/files/..;/secret",
        "/files/..;a=b/secret",
        "/files/..%3b/secret",
        "/files/a;b",
        "/files/%252e%252e/secret",
        "/files/%252fsecret",
        "/files/%25%32%65/secret",
        "/files/%c0%ae%c0%ae/secret",
        "/files/%u002e%u002e/secret",
        "/files/%",
        "/files/%2",
        "/files/%zz",
        "/files/a%00",
        "/files/%00/../secret",
        "/files/a%0d%0aHost:%20evil",
        "/files/%0a",
        "/files/...",
        "/files/..%20/secret",
        "/orders/%2e%2e/lines",
        "/orders/../lines",
        "/orders/..%2f..%2fsecret/lines",
        "/%6fpen",
        "/files/caf\u{e9}",
    ];
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for path in paths {
        lines.push(format!("GET /api/demo{path}").into_bytes());
        lines.push(format!("GET /api/demo{path}?x=/open").into_bytes());
    }
    for line in [
        // The absolute form and the authority form, for this server and others.
        "GET http://localhost:3000/api/demo/open",
        "GET http://evil.example/api/demo/open",
        "GET https://localhost:3000/api/demo/open",
        "CONNECT localhost:3000",
        "CONNECT /api/demo/open",
        "OPTIONS *",
        // Other spellings of the prefix.
        "GET //api/demo/open",
        "GET /api//demo/open",
        "GET /api/../api/demo/open",
        "GET /./api/demo/open",
        "GET /%61pi/demo/open",
        "GET /api/%64emo/open",
        "GET /api/demo%2fopen",
        "GET /api\\demo\\open",
        "GET /API/demo/open",
        "GET /api/demo/../demo/open",
        "GET /api/other/../demo/open",
        // Methods that are not listed or not valid.
        "POST /api/demo/files/a",
        "HEAD /api/demo/files/a",
        "TRACE /api/demo/open",
        "PROPFIND /api/demo/open",
        "get /api/demo/open",
        "GETS /api/demo/open",
        "GET  /api/demo/open",
        "GET\t/api/demo/open",
        "GET /api/demo/files/a b",
        "GET /api/demo/files/a\tb",
        "GET /api/demo/open\u{0}",
    ] {
        lines.push(line.into());
    }
    lines.push(b"GET /api/demo/files/\xff\xfe".to_vec());
    lines.push(b"GET /api/demo/files/\x01".to_vec());
    for line in &lines {
        let status = status(address, &cookie, line, "").await;
        let shown = String::from_utf8_lossy(line);
        assert!(matches!(status, 0 | 400..=405), "{status} {shown}");
        assert_eq!(upstream.received().len(), 0, "{shown}");
    }
    for target in [
        "/open",
        "/files/a/b%20c",
        "/files/",
        "/orders/7/lines",
        "/open?x=../y",
    ] {
        let line = format!("GET /api/demo{target}");
        assert_eq!(status(address, &cookie, line.as_bytes(), "").await, 200);
        assert_eq!(
            upstream.received().last().unwrap().target,
            format!("/v1{target}")
        );
    }
}

#[tokio::test]
async fn no_header_changes_the_forwarded_request() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "reached"))).await;
    let app = upstream.app(&OPEN).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let cookie = browser.cookies()["__Host-Http-confidant"].clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app.router()).into_future());
    for more in [
        "x-original-url: /secret\r\nx-rewrite-url: /secret\r\n",
        "x-http-method-override: DELETE\r\n",
        // CGI and its successors do not distinguish underscores from hyphens.
        "x_http_method_override: DELETE\r\nx_original_url: /secret\r\n",
        "x_forwarded_for: 10.0.0.1\r\nX_Forwarded-Host: evil.example\r\n",
        "content_type: text/html\r\naccept_language: de\r\n",
        // Headers that an API trusts if a proxy sends them.
        "x-remote-user: admin\r\nremote-user: admin\r\n",
        "x-auth-request-email: root@corp.example\r\n",
        "proxy: http://evil.example\r\n",
        "client-cert: :MIIB:\r\n",
        // A header that is on no list.
        "x-unknown: 1\r\n",
        "x-forwarded-host: evil.example\r\nforwarded: host=evil.example\r\n",
        "connection: authorization, x-secret\r\nx-secret: 1\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n0\r\n\r\nGET /secret HTTP/1.1\r\n",
        "te: trailers\r\ntrailer: x-secret\r\n",
        "expect: 100-continue\r\n",
        "upgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
    ] {
        let before = upstream.received().len();
        let status = status(address, &cookie, b"POST /api/demo/open", more).await;
        // The server may refuse the request as malformed.
        assert!(matches!(status, 200 | 400), "{status} {more}");
        let all = upstream.received();
        let received = &all[before..];
        assert_eq!(received.len(), usize::from(status == 200), "{more}");
        for request in received {
            assert_eq!(
                (request.method.as_str(), request.target.as_str()),
                ("POST", "/v1/open")
            );
            assert!(request.token().len() > 20);
            let mut names: Vec<_> = request.headers.keys().map(|name| name.as_str()).collect();
            names.sort_unstable();
            assert_eq!(names, ["authorization", "content-length", "host"], "{more}");
            assert_eq!(request.headers["host"], upstream.address.to_string());
        }
    }
}
