//! The provider's faults, one by one, at one server with SQLite: what each
//! does to the person whose request meets it, and that nobody is signed out.

use crate::ground::{CALL, call_until_settled, come_back, deployment, expired};
use confidant_test_support::{
    deployment::{Deployment, Setup, addresses},
    person::Person,
};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

/// What the person gets whose request meets a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// The answer, as if nothing had happened.
    Served,
    /// To come back later, and then the answer.
    Later,
    /// An answer was lost: the answer under grace, the silent way back under
    /// strict rotation.
    InDoubt,
}

/// Each fault, what it does, and what whoever meets it is told.
fn faults() -> Vec<(&'static str, Value, Met)> {
    let status = |status: u16, at: &str| json!({"kind": "status", "status": status, "at": at});
    let busy = |seconds: u64| json!({"kind": "status", "status": 429, "retry_after_s": seconds});
    let close = |at: &str| json!({"kind": "close", "at": at});
    let delay = |ms: u64, at: &str| json!({"kind": "delay", "ms": ms, "at": at});
    let (before, after) = ("before_commit", "after_commit");
    vec![
        ("slow", delay(300, before), Met::Served),
        ("slow answer", delay(300, after), Met::Served),
        ("hangs", delay(8_000, after), Met::InDoubt),
        ("429, a second", busy(1), Met::Served),
        ("429, half a minute", busy(30), Met::Later),
        ("503 once", status(503, before), Met::Served),
        ("500 once", status(500, before), Met::InDoubt),
        ("500 for a good answer", status(500, after), Met::InDoubt),
        ("502 for a good answer", status(502, after), Met::InDoubt),
        ("504 for a good answer", status(504, after), Met::InDoubt),
        (
            "a page",
            json!({"kind": "html", "status": 200}),
            Met::InDoubt,
        ),
        (
            "a page with 503",
            json!({"kind": "html", "status": 503}),
            Met::Served,
        ),
        ("closed", close(before), Met::InDoubt),
        ("lost answer", close(after), Met::InDoubt),
        ("half an answer", json!({"kind": "truncated"}), Met::InDoubt),
        (
            "drop by drop",
            json!({"kind": "slow_drip", "over_ms": 400}),
            Met::Served,
        ),
        (
            "drop by drop, too slowly",
            json!({"kind": "slow_drip", "over_ms": 9_000}),
            Met::InDoubt,
        ),
    ]
}

async fn meet(deployment: &Deployment, at: SocketAddr, strict: bool) {
    let demo = deployment.demo();
    for (number, (name, fault, met)) in faults().into_iter().enumerate() {
        let mut person = expired(number, deployment, &[at]).await;
        demo.put_fault(fault).await.unwrap();
        let first = person.get(at, CALL).await.unwrap();
        let code = first.code();
        match met {
            Met::Served => assert_eq!(first.text(), "answered", "{name}"),
            Met::Later => {
                assert_eq!(code, "provider_unavailable", "{name}: {}", first.text());
                assert!(!first.header("retry-after").is_empty(), "{name}");
            }
            Met::InDoubt if strict => {
                // Who comes while nobody knows yet is told to come back.
                let told = call_until_settled(&mut person, at).await;
                assert_eq!(told.code(), "reauthorize", "{name}: {}", told.text());
                come_back(&mut person, at).await.unwrap();
            }
            Met::InDoubt => {
                // Presented once more, at once or by whoever comes back.
                let soon = ["", "provider_unavailable", "refresh_in_progress"];
                assert!(soon.contains(&&*code), "{name}: {}", first.text());
            }
        }
        let after = call_until_settled(&mut person, at).await;
        assert_eq!(after.text(), "answered", "{name}, afterwards");
        demo.clear().await.unwrap();
    }
    assert_eq!(demo.reused().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_provider_replays_a_token_under_strict_rotation() {
    let mut deployment = deployment(None, Setup::default()).await;
    let servers = deployment.servers(1).await.unwrap();
    meet(&deployment, servers[0].at, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_provider_signs_anybody_out_under_grace() {
    let setup = Setup {
        grace: Some("1m"),
        ..Setup::default()
    };
    let mut deployment = deployment(None, setup).await;
    let grace = json!({"old_refresh_token": {"grace_same_successor_ms": 60_000}});
    deployment.demo().put_policy(grace).await.unwrap();
    let servers = deployment.servers(1).await.unwrap();
    meet(&deployment, servers[0].at, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_costs_no_session_and_gets_no_stampede() {
    let mut deployment = deployment(None, Setup::default()).await;
    let demo = deployment.demo();
    let servers = deployment.servers(1).await.unwrap();
    let at = addresses(&servers)[0];
    let mut people = Vec::new();
    for number in 0..10 {
        people.push(expired(number, &deployment, &[at]).await);
    }
    let down = json!([{"endpoint": "/token", "fault": {"kind": "status", "status": 503}}]);
    demo.put_faults(down).await.unwrap();
    let before = demo.token_requests().await.unwrap();
    for _ in 0..5 {
        let calls: Vec<_> = people
            .iter()
            .cloned()
            .map(|mut person: Person| tokio::spawn(async move { person.get(at, CALL).await }))
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
    for person in &mut people {
        let answer = call_until_settled(person, at).await;
        assert_eq!(answer.text(), "answered");
    }
}
