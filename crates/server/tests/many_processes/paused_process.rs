//! A server that is paused during a refresh, until after its lease has expired,
//! and then continues.

use crate::fixture::{
    API_PATH, deployment, expired_user, logs, reauthenticate_silently, retry_while_unavailable,
};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{DeploymentConfig, addresses},
    postgres::Postgres,
};
use serde_json::json;
use std::time::Duration;

/// Pauses one server before the response to its token request arrives, sends a
/// request to the other once the lease has expired, and resumes the first.
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
    let addresses = addresses(&servers);
    let mut user = expired_user(0, &deployment, &addresses).await;
    let slow = json!({"kind": "delay", "ms": 2_500, "at": "after_commit"});
    let rules = json!([refresh_rule(slow, Some(1))]);
    demo.put_faults(rules).await.unwrap();

    let before = demo.refreshes().await.unwrap();
    let mut caller = user.clone();
    let paused = addresses[0];
    let request = tokio::spawn(async move { caller.get(paused, API_PATH).await });
    demo.wait_for_refreshes(before + 1).await.unwrap();
    servers[0].process.pause();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let meanwhile = retry_while_unavailable(&mut user, addresses[1]).await;
    servers[0].process.resume();
    drop(request.await.unwrap());

    let details = format!("{} {}", meanwhile.text(), logs(&servers));
    match grace {
        Some(_) => assert_eq!(meanwhile.status, 200, "{details}"),
        None => assert_eq!(meanwhile.code(), "reauthorize", "{details}"),
    }
    // The resumed server has stored its response or discarded it. Either way both
    // servers respond, or redirect to the provider, which shows no page.
    for server in &addresses {
        let response = retry_while_unavailable(&mut user, *server).await;
        if response.code() == "reauthorize" {
            reauthenticate_silently(&mut user, *server).await.unwrap();
        } else {
            let details = format!("{} {}", response.text(), logs(&servers));
            assert_eq!(response.status, 200, "{details}");
        }
        let response = user.get(*server, API_PATH).await.unwrap();
        let details = format!("{} {}", response.text(), logs(&servers));
        assert_eq!(response.status, 200, "{details}");
    }
    assert_eq!(demo.replayed_tokens().await.unwrap(), 0);
}

mod postgres {
    use super::*;
    use confidant_test_support::postgres::own_server;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_paused_past_its_lease_replays_nothing_under_strict_rotation() {
        if let Some(store) = own_server("a paused server, strict rotation").unwrap() {
            pause_past_the_lease(&store, None).await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_paused_past_its_lease_blocks_no_request_under_grace() {
        if let Some(store) = own_server("a paused server, grace").unwrap() {
            pause_past_the_lease(&store, Some("10m")).await;
        }
    }
}
