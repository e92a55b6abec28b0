//! A process that sleeps past its lease, and wakes.

use crate::fixture::{
    CALL, deployment, expired, logs, postgres, reauthenticate_silently, retry_while_unavailable,
};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{DeploymentConfig, addresses},
    postgres::Postgres,
};
use serde_json::json;
use std::time::Duration;

/// One server takes off and is stopped before its answer comes; the other
/// is asked once the lease is over; then the first wakes.
async fn pause_past_the_lease(store: &Postgres, grace: Option<&'static str>) {
    let config = DeploymentConfig {
        grace,
        deadline: "3s",
        ..DeploymentConfig::default()
    };
    let mut deployment = deployment(Some(store), config).await;
    let demo = deployment.demo();
    if grace.is_some() {
        let policy = json!({"old_refresh_token": {"grace_new_pair_ms": 600_000}});
        demo.put_policy(policy).await.unwrap();
    }
    let servers = deployment.start_servers(2).await.unwrap();
    let at = addresses(&servers);
    let mut user = expired(0, &deployment, &at).await;
    let late = json!({"kind": "delay", "ms": 2_500, "at": "after_commit"});
    demo.put_faults(json!([refresh_rule(late, Some(1))]))
        .await
        .unwrap();

    let before = demo.refreshes().await.unwrap();
    let mut caller = user.clone();
    let sleeper = at[0];
    let call = tokio::spawn(async move { caller.get(sleeper, CALL).await });
    demo.wait_for_refreshes(before + 1).await.unwrap();
    servers[0].process.pause();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let meanwhile = retry_while_unavailable(&mut user, at[1]).await;
    servers[0].process.resume();
    drop(call.await.unwrap());

    let told = format!("{} {}", meanwhile.text(), logs(&servers));
    match grace {
        Some(_) => assert_eq!(meanwhile.status, 200, "{told}"),
        None => assert_eq!(meanwhile.code(), "reauthorize", "{told}"),
    }
    // The one that woke may have stored its answer, or thrown it away. Either
    // way both servers serve, or lead back without asking anybody.
    for server in &at {
        let answer = retry_while_unavailable(&mut user, *server).await;
        if answer.code() == "reauthorize" {
            reauthenticate_silently(&mut user, *server).await.unwrap();
        } else {
            assert_eq!(answer.status, 200, "{} {}", answer.text(), logs(&servers));
        }
        let answer = user.get(*server, CALL).await.unwrap();
        assert_eq!(answer.status, 200, "{} {}", answer.text(), logs(&servers));
    }
    assert_eq!(demo.replayed_tokens().await.unwrap(), 0);
}

mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_slept_past_its_lease_replays_nothing_under_strict_rotation() {
        if let Some(store) = super::postgres("a server that slept, strict") {
            pause_past_the_lease(&store, None).await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_slept_past_its_lease_keeps_nobody_waiting_under_grace() {
        if let Some(store) = super::postgres("a server that slept, grace") {
            pause_past_the_lease(&store, Some("10m")).await;
        }
    }
}
