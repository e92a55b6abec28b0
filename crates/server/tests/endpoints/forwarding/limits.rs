//! Request bodies that are too large, truncated, or never sent.

use super::upstream::{TIMEOUT, Upstream, app_for_upstream};
use crate::app::TestResponse;
use axum::{Router, body::Body, routing::any};
use futures::stream;
use std::io;

#[tokio::test]
async fn a_body_beyond_the_apis_limit_is_refused_with_and_without_content_length() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "whole"))).await;
    let app = app_for_upstream(upstream.address, &["POST /x"], |api| {
        api.body_limit = 200_000
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let chunks = |count: usize| {
        let chunks = (0..count).map(|_| Ok::<_, io::Error>(vec![b'x'; 50_000]));
        Body::from_stream(stream::iter(chunks.collect::<Vec<_>>()))
    };
    for (body, accepted) in [
        (Body::from(vec![b'x'; 200_000]), true),
        (Body::from(vec![b'x'; 200_001]), false),
        (chunks(4), true),
        (chunks(5), false),
    ] {
        let received = upstream.received().len();
        let response = TestResponse::read(browser.stream("POST", "/api/demo/x", body).await).await;
        if accepted {
            assert_eq!(response.text, "whole");
            assert_eq!(upstream.received()[received].body.len(), 200_000);
        } else {
            assert_eq!(response.problem(), (413, "body_too_large".into()));
            // The API may get the beginning of the body, but not as a complete one.
            let length = upstream
                .received()
                .get(received)
                .map_or(0, |request| request.body.len());
            assert_eq!(length, 0);
        }
    }
}

#[tokio::test]
async fn a_truncated_body_never_looks_complete() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "whole"))).await;
    let app = upstream.app(&["POST /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for size in [10, 100_000] {
        let chunks = [
            Ok(vec![b'x'; size]),
            Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        ];
        let body = Body::from_stream(stream::iter(chunks));
        let response = TestResponse::read(browser.stream("POST", "/api/demo/x", body).await).await;
        assert_eq!(response.problem(), (400, "bad_request".into()));
    }
    assert!(
        upstream
            .received()
            .iter()
            .all(|request| request.body.is_empty())
    );
}

#[tokio::test]
async fn a_body_that_is_never_sent_times_out() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "whole"))).await;
    let app = app_for_upstream(upstream.address, &["POST /x"], |api| {
        api.timeout = TIMEOUT / 60
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let pending = Body::from_stream(stream::pending::<io::Result<Vec<u8>>>());
    let call = browser.stream("POST", "/api/demo/x", pending);
    let response = tokio::time::timeout(TIMEOUT, call).await;
    let response = TestResponse::read(response.unwrap()).await;
    assert_eq!(response.problem(), (400, "bad_request".into()));
}
