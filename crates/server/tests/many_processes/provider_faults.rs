//! The provider's faults, one by one, at one server with SQLite: what each
//! does to the user whose request meets it, and that nobody is signed out.

use crate::fixture::{CALL, deployment, expired, reauthenticate_silently, retry_while_unavailable};
use confidant_test_support::{
    deployment::{Deployment, DeploymentConfig, addresses},
    test_user::TestUser,
};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

/// What the user gets whose request meets a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The answer, as if nothing had happened.
    Served,
    /// To come back later, and then the answer.
    Later,
    /// An answer was lost: the answer under grace, the silent way back under
    /// strict rotation.
    InDoubt,
}

/// Each fault, what it does, and what whoever meets it is told.
fn faults() -> Vec<(&'static str, Value, Expected)> {
    let status = |status: u16, at: &str| json!({"kind": "status", "status": status, "at": at});
    let busy = |seconds: u64| json!({"kind": "status", "status": 429, "retry_after_s": seconds});
    let close = |at: &str| json!({"kind": "close", "at": at});
    let delay = |ms: u64, at: &str| json!({"kind": "delay", "ms": ms, "at": at});
    let (before, after) = ("before_commit", "after_commit");
    vec![
        ("slow", delay(300, before), Expected::Served),
        ("slow answer", delay(300, after), Expected::Served),
        ("hangs", delay(8_000, after), Expected::InDoubt),
        ("429, a second", busy(1), Expected::Served),
        ("429, half a minute", busy(30), Expected::Later),
        ("503 once", status(503, before), Expected::Served),
        ("500 once", status(500, before), Expected::InDoubt),
        (
            "500 for a good answer",
            status(500, after),
            Expected::InDoubt,
        ),
        (
            "502 for a good answer",
            status(502, after),
            Expected::InDoubt,
        ),
        (
            "504 for a good answer",
            status(504, after),
            Expected::InDoubt,
        ),
        (
            "a page",
            json!({"kind": "html", "status": 200}),
            Expected::InDoubt,
        ),
        (
            "a page with 503",
            json!({"kind": "html", "status": 503}),
            Expected::Served,
        ),
        ("closed", close(before), Expected::InDoubt),
        ("lost answer", close(after), Expected::InDoubt),
        (
            "half an answer",
            json!({"kind": "truncated"}),
            Expected::InDoubt,
        ),
        (
            "drop by drop",
            json!({"kind": "slow_drip", "over_ms": 400}),
            Expected::Served,
        ),
        (
            "drop by drop, too slowly",
            json!({"kind": "slow_drip", "over_ms": 9_000}),
            Expected::InDoubt,
        ),
    ]
}

async fn test_every_fault(deployment: &Deployment, at: SocketAddr, strict: bool) {
    let demo = deployment.demo();
    for (number, (name, fault, met)) in faults().into_iter().enumerate() {
        let mut user = expired(number, deployment, &[at]).await;
        demo.put_fault(fault).await.unwrap();
        let first = user.get(at, CALL).await.unwrap();
        let code = first.code();
        match met {
            Expected::Served => assert_eq!(first.text(), "answered", "{name}"),
            Expected::Later => {
                assert_eq!(code, "provider_unavailable", "{name}: {}", first.text());
                assert!(!first.header("retry-after").is_empty(), "{name}");
            }
            Expected::InDoubt if strict => {
                // Who comes while nobody knows yet is told to come back.
                let told = retry_while_unavailable(&mut user, at).await;
                assert_eq!(told.code(), "reauthorize", "{name}: {}", told.text());
                reauthenticate_silently(&mut user, at).await.unwrap();
            }
            Expected::InDoubt => {
                // Presented once more, at once or by whoever comes back.
                let soon = ["", "provider_unavailable", "refresh_in_progress"];
                assert!(soon.contains(&&*code), "{name}: {}", first.text());
            }
        }
        let after = retry_while_unavailable(&mut user, at).await;
        assert_eq!(after.text(), "answered", "{name}, afterwards");
        demo.clear().await.unwrap();
    }
    assert_eq!(demo.replayed_tokens().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_provider_replays_a_token_under_strict_rotation() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    let servers = deployment.start_servers(1).await.unwrap();
    test_every_fault(&deployment, servers[0].at, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_provider_signs_anybody_out_under_grace() {
    let config = DeploymentConfig {
        grace: Some("1m"),
        ..DeploymentConfig::default()
    };
    let mut deployment = deployment(None, config).await;
    let grace = json!({"old_refresh_token": {"grace_same_successor_ms": 60_000}});
    deployment.demo().put_policy(grace).await.unwrap();
    let servers = deployment.start_servers(1).await.unwrap();
    test_every_fault(&deployment, servers[0].at, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_costs_no_session_and_gets_no_stampede() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    let demo = deployment.demo();
    let servers = deployment.start_servers(1).await.unwrap();
    let at = addresses(&servers)[0];
    let mut users = Vec::new();
    for number in 0..10 {
        users.push(expired(number, &deployment, &[at]).await);
    }
    let down = json!([{"endpoint": "/token", "fault": {"kind": "status", "status": 503}}]);
    demo.put_faults(down).await.unwrap();
    let before = demo.token_requests().await.unwrap();
    for _ in 0..5 {
        let calls: Vec<_> = users
            .iter()
            .cloned()
            .map(|mut user: TestUser| tokio::spawn(async move { user.get(at, CALL).await }))
            .collect();
        for call in calls {
            let answer = call.await.unwrap().unwrap();
            assert_eq!(answer.code(), "provider_unavailable", "{}", answer.text());
        }
    }
    let asked = demo.token_requests().await.unwrap() - before;
    assert!(asked < 40, "{asked} token requests for 50 calls");
    demo.clear().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    for user in &mut users {
        let answer = retry_while_unavailable(user, at).await;
        assert_eq!(answer.text(), "answered");
    }
}
