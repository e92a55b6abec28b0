//! Request bodies that are too large, or never come.

use super::upstream::{PATIENCE, Upstream, app_before};
use crate::app::Answer;
use axum::{Router, body::Body, routing::any};
use futures::stream;
use std::io;

#[tokio::test]
async fn a_body_beyond_the_apis_limit_is_refused_whether_announced_or_not() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "whole"))).await;
    let app = app_before(upstream.address, &["POST /x"], |api| {
        api.body_limit = 200_000
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let chunks = |count: usize| {
        let chunks = (0..count).map(|_| Ok::<_, io::Error>(vec![b'x'; 50_000]));
        Body::from_stream(stream::iter(chunks.collect::<Vec<_>>()))
    };
    for (body, good) in [
        (Body::from(vec![b'x'; 200_000]), true),
        (Body::from(vec![b'x'; 200_001]), false),
        (chunks(4), true),
        (chunks(5), false),
    ] {
        let heard = upstream.heard().len();
        let answer = Answer::read(browser.stream("POST", "/api/demo/x", body).await).await;
        if good {
            assert_eq!(answer.text, "whole");
            assert_eq!(upstream.heard()[heard].body.len(), 200_000);
        } else {
            assert_eq!(answer.problem(), (413, "body_too_large".into()));
            // At most the beginning came by, and it was not taken for the whole.
            let came = upstream
                .heard()
                .get(heard)
                .map_or(0, |heard| heard.body.len());
            assert_eq!(came, 0);
        }
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_never_taken_for_a_whole_one() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "whole"))).await;
    let app = upstream.behind(&["POST /x"]).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for size in [10, 100_000] {
        let chunks = [
            Ok(vec![b'x'; size]),
            Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        ];
        let body = Body::from_stream(stream::iter(chunks));
        let answer = Answer::read(browser.stream("POST", "/api/demo/x", body).await).await;
        assert_eq!(answer.problem(), (400, "bad_request".into()));
    }
    assert!(upstream.heard().iter().all(|heard| heard.body.is_empty()));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for_long() {
    let upstream = Upstream::start(Router::new().fallback(any(async || "whole"))).await;
    let app = app_before(upstream.address, &["POST /x"], |api| {
        api.timeout = PATIENCE / 60
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let silent = Body::from_stream(stream::pending::<io::Result<Vec<u8>>>());
    let call = browser.stream("POST", "/api/demo/x", silent);
    let response = tokio::time::timeout(PATIENCE, call).await;
    let answer = Answer::read(response.unwrap()).await;
    assert_eq!(answer.problem(), (400, "bad_request".into()));
}
