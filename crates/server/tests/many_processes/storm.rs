//! One user, one expired token, many requests at one moment.

use crate::fixture::{CALL, deployment, expired, logs, postgres};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{Deployment, DeploymentConfig, addresses},
    storm::{slowest, storm, succeeded},
};
use serde_json::json;
use std::time::Duration;

/// How long the provider takes: long enough for all to come meanwhile.
const TAKES: u64 = 300;

/// More than a thousand callers take on a slow machine, and less than any
/// deadline or lease: others' results are looked for, not waited for.
const LONGEST: Duration = Duration::from_secs(20);

fn config() -> DeploymentConfig {
    DeploymentConfig {
        deadline: "30s",
        ..DeploymentConfig::default()
    }
}

/// Storms of these sizes, one after the other, then one late arrival at each
/// server.
async fn run_storms(mut deployment: Deployment, replicas: usize, sizes: &[usize]) {
    let demo = deployment.demo();
    let servers = deployment.start_servers(replicas).await.unwrap();
    let at = addresses(&servers);
    let slow = json!({"kind": "delay", "ms": TAKES, "at": "before_commit"});
    demo.put_faults(json!([refresh_rule(slow, None)]))
        .await
        .unwrap();
    for (number, size) in sizes.iter().enumerate() {
        let mut user = expired(number, &deployment, &at).await;
        let before = demo.refreshes().await.unwrap();
        let outcomes = storm(&at, *size, CALL, &user.cookie_header())
            .await
            .unwrap();
        assert_eq!(
            succeeded(&outcomes),
            *size,
            "{outcomes:?} {}",
            logs(&servers)
        );
        assert_eq!(demo.refreshes().await.unwrap() - before, 1, "{size}");
        assert!(slowest(&outcomes) < LONGEST, "{:?}", slowest(&outcomes));
        for server in &at {
            let late = user.get(*server, CALL).await.unwrap();
            assert_eq!(late.text(), "answered");
        }
        assert_eq!(demo.refreshes().await.unwrap() - before, 1, "late");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_on_one_server_with_sqlite_is_one_token_request() {
    run_storms(deployment(None, config()).await, 1, &[50, 1000]).await;
}

mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_storm_on_three_replicas_is_one_token_request() {
        let Some(store) = super::postgres("storm on three replicas") else {
            return;
        };
        let deployment = deployment(Some(&store), config()).await;
        run_storms(deployment, 3, &[50, 1000]).await;
    }
}
