//! The provider's faults one by one, with one server and SQLite: what each does to
//! the request that causes the refresh, and that no fault ends a session.

use crate::fixture::{
    API_BODY, API_PATH, deployment, expired_user, reauthenticate_silently, retry_while_unavailable,
};
use confidant_test_support::{
    deployment::{Deployment, DeploymentConfig},
    test_user::TestUser,
};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

/// The effect of a fault on the request that causes the refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// The API's response, as without a fault.
    Served,
    /// 503 with Retry-After, and the API's response later.
    Later,
    /// The client cannot know whether the provider has replaced the refresh token.
    /// Under grace it may present the token again; under strict rotation the user
    /// re-authenticates silently.
    Ambiguous,
}

fn faults() -> Vec<(&'static str, Value, Effect)> {
    let status = |status: u16, at: &str| json!({"kind": "status", "status": status, "at": at});
    let busy = |seconds: u64| json!({"kind": "status", "status": 429, "retry_after_s": seconds});
    let close = |at: &str| json!({"kind": "close", "at": at});
    let delay = |ms: u64, at: &str| json!({"kind": "delay", "ms": ms, "at": at});
    let html = |status: u16| json!({"kind": "html", "status": status});
    let drip = |ms: u64| json!({"kind": "slow_drip", "over_ms": ms});
    let truncated = json!({"kind": "truncated"});
    let (before, after) = ("before_commit", "after_commit");
    vec![
        ("slow", delay(300, before), Effect::Served),
        ("slow response", delay(300, after), Effect::Served),
        ("hangs", delay(8_000, after), Effect::Ambiguous),
        ("429 for a second", busy(1), Effect::Served),
        ("429 for half a minute", busy(30), Effect::Later),
        ("503 once", status(503, before), Effect::Served),
        ("500 once", status(500, before), Effect::Ambiguous),
        ("500 after success", status(500, after), Effect::Ambiguous),
        ("502 after success", status(502, after), Effect::Ambiguous),
        ("504 after success", status(504, after), Effect::Ambiguous),
        ("a page", html(200), Effect::Ambiguous),
        ("a page with 503", html(503), Effect::Served),
        ("closed connection", close(before), Effect::Ambiguous),
        ("lost response", close(after), Effect::Ambiguous),
        ("truncated response", truncated, Effect::Ambiguous),
        ("slow body", drip(400), Effect::Served),
        ("body beyond the deadline", drip(9_000), Effect::Ambiguous),
    ]
}

/// Applies each fault to the refresh of another user.
async fn test_every_fault(deployment: &Deployment, server: SocketAddr, strict: bool) {
    let demo = deployment.demo();
    for (number, (name, fault, effect)) in faults().into_iter().enumerate() {
        let mut user = expired_user(number, deployment, &[server]).await;
        demo.put_fault(fault).await.unwrap();
        let first = user.get(server, API_PATH).await.unwrap();
        let code = first.code();
        match effect {
            Effect::Served => assert_eq!(first.text(), API_BODY, "{name}"),
            Effect::Later => {
                assert_eq!(code, "provider_unavailable", "{name}: {}", first.text());
                assert!(!first.header("retry-after").is_empty(), "{name}");
            }
            Effect::Ambiguous if strict => {
                // While the outcome is still open, requests are answered with 503.
                let settled = retry_while_unavailable(&mut user, server).await;
                assert_eq!(settled.code(), "reauthorize", "{name}: {}", settled.text());
                reauthenticate_silently(&mut user, server).await.unwrap();
            }
            Effect::Ambiguous => {
                // The first request or a later one presents the token again.
                let expected = ["", "provider_unavailable", "refresh_in_progress"];
                assert!(expected.contains(&&*code), "{name}: {}", first.text());
            }
        }
        let after = retry_while_unavailable(&mut user, server).await;
        assert_eq!(after.text(), API_BODY, "{name}, afterwards");
        demo.clear_faults().await.unwrap();
    }
    assert_eq!(demo.replayed_tokens().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_provider_replays_a_token_under_strict_rotation() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    let server = deployment.start_server().await.unwrap();
    test_every_fault(&deployment, server.address, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_provider_ends_a_session_under_grace() {
    let config = DeploymentConfig {
        grace: Some("1m"),
        ..DeploymentConfig::default()
    };
    let mut deployment = deployment(None, config).await;
    let grace = json!({"old_refresh_token": {"grace_same_successor_ms": 60_000}});
    deployment.demo().put_policy(grace).await.unwrap();
    let server = deployment.start_server().await.unwrap();
    test_every_fault(&deployment, server.address, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_ends_no_session_and_gets_few_requests() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    let demo = deployment.demo();
    let running = deployment.start_server().await.unwrap();
    let server = running.address;
    let mut users = Vec::new();
    for number in 0..10 {
        users.push(expired_user(number, &deployment, &[server]).await);
    }
    let down = json!([{"endpoint": "/token", "fault": {"kind": "status", "status": 503}}]);
    demo.put_faults(down).await.unwrap();
    let before = demo.token_requests().await.unwrap();
    for _ in 0..5 {
        let request = |mut user: TestUser| {
            tokio::spawn(async move { user.get(server, API_PATH).await.unwrap() })
        };
        let requests: Vec<_> = users.iter().cloned().map(request).collect();
        for request in requests {
            let response = request.await.unwrap();
            let text = response.text();
            assert_eq!(response.code(), "provider_unavailable", "{text}");
        }
    }
    let requests = demo.token_requests().await.unwrap() - before;
    assert!(requests < 40, "{requests} token requests for 50 calls");
    demo.clear_faults().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    for user in &mut users {
        let response = retry_while_unavailable(user, server).await;
        assert_eq!(response.text(), API_BODY);
    }
}
