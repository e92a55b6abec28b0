//! Faults that only a real connection shows.

use std::time::{Duration, Instant};

use confidant_provider::{Fault, FaultRule, FaultTiming};
use tokio::{io::AsyncReadExt as _, time::sleep};

use crate::app::{TestApp, raw_refresh};

fn next_refresh(app: &TestApp, fault: Fault) {
    let rules = vec![FaultRule::next_refresh(fault)];
    app.controls.set_faults(rules).unwrap();
}

#[tokio::test]
async fn a_lost_response_sends_no_byte_and_spends_the_token() {
    let app = TestApp::new();
    let connection = app.listen().await;
    let first = app.tokens().await;
    let at = FaultTiming::AfterCommit;
    next_refresh(&app, Fault::Close { at });
    assert_eq!(connection.exchange(&raw_refresh(first.refresh())).await, "");
    assert_eq!(app.logged("reason").await, ["redeemed", "rotated", "close"]);
    let retry = connection.exchange(&raw_refresh(first.refresh())).await;
    assert!(retry.starts_with("HTTP/1.1 400"), "{retry}");
    assert!(!app.accepts(first.access()).await);
}

#[tokio::test]
async fn a_connection_closed_before_the_commit_spends_nothing() {
    let app = TestApp::new();
    let connection = app.listen().await;
    let first = app.tokens().await;
    let at = FaultTiming::BeforeCommit;
    next_refresh(&app, Fault::Close { at });
    assert_eq!(connection.exchange(&raw_refresh(first.refresh())).await, "");
    assert_eq!(app.logged("reason").await, ["redeemed", "close"]);
    let retry = connection.exchange(&raw_refresh(first.refresh())).await;
    assert!(retry.starts_with("HTTP/1.1 200"), "{retry}");
}

#[tokio::test]
async fn a_truncated_response_announces_more_than_it_sends() {
    let app = TestApp::new();
    let connection = app.listen().await;
    let first = app.tokens().await;
    next_refresh(&app, Fault::Truncated {});
    let response = connection.exchange(&raw_refresh(first.refresh())).await;
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a length");
    let length: usize = length.parse().unwrap();
    assert_eq!(body.len(), length / 2);
    assert!(body.contains("access_token") && !body.ends_with('}'));
    app.refresh(first.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_slow_response_arrives_in_pieces_and_is_complete() {
    let over_ms = 2_000;
    let app = TestApp::new();
    let connection = app.listen().await;
    let first = app.tokens().await;
    next_refresh(&app, Fault::SlowDrip { over_ms });
    let began = Instant::now();
    let mut connection = connection.send(&raw_refresh(first.refresh())).await;
    let mut drop = [0; 4096];
    let length = connection.read(&mut drop).await.unwrap();
    let mut response = drop[..length].to_vec();
    assert!(
        !response.contains(&b'}'),
        "the first piece is not the whole response"
    );
    connection.read_to_end(&mut response).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(over_ms * 9 / 10));
    let response = String::from_utf8(response).unwrap();
    assert!(response.contains('}'), "{response}");
    assert!(response.ends_with("\r\n0\r\n\r\n"), "{response}");
}

#[tokio::test]
async fn disconnecting_before_the_commit_spends_nothing() {
    for (at, expected) in [
        (FaultTiming::BeforeCommit, &["redeemed", "delay"][..]),
        (
            FaultTiming::AfterCommit,
            &["redeemed", "rotated", "delay"][..],
        ),
    ] {
        let ms = 1_000;
        let app = TestApp::new();
        let connection = app.listen().await;
        let first = app.tokens().await;
        next_refresh(&app, Fault::Delay { ms, at });
        let connection = connection.send(&raw_refresh(first.refresh())).await;
        while app.logged("reason").await.len() < expected.len() {
            sleep(Duration::from_millis(10)).await;
        }
        drop(connection);
        sleep(Duration::from_millis(ms * 3 / 2)).await;
        assert_eq!(app.logged("reason").await, expected);
    }
}

#[tokio::test]
async fn the_control_api_is_available_on_a_real_listener() {
    let app = TestApp::new();
    let connection = app.listen().await;
    let get = |headers| {
        format!("GET /demo/faults HTTP/1.1\r\nhost: provider\r\nconnection: close\r\n{headers}\r\n")
    };
    let response = connection.exchange(&get("x-demo: 1\r\n")).await;
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    let response = connection.exchange(&get("")).await;
    assert!(response.starts_with("HTTP/1.1 403"), "{response}");
}
