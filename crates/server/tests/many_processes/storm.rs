//! One user, one expired token, many requests at the same moment.

use crate::fixture::{API_BODY, API_PATH, deployment, expired_user, logs};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{Deployment, DeploymentConfig, addresses},
    storm::{slowest, storm, succeeded},
};
use serde_json::json;
use std::time::Duration;

/// How long the provider delays the refresh, in milliseconds: long enough for all
/// requests to arrive meanwhile.
const DELAY_MS: u64 = 300;

/// More than a thousand requests take on a slow machine, and less than a deadline
/// or lease: servers look for each other's results instead of waiting for a lease
/// to expire.
const SLOWEST: Duration = Duration::from_secs(20);

fn config() -> DeploymentConfig {
    DeploymentConfig {
        deadline: "30s",
        ..DeploymentConfig::default()
    }
}

/// Sends storms of these sizes one after the other, each followed by a late request
/// to every server, and checks that each storm causes a single token request.
async fn run_storms(mut deployment: Deployment, replicas: usize, sizes: &[usize]) {
    let demo = deployment.demo();
    let servers = deployment.start_servers(replicas).await.unwrap();
    let addresses = addresses(&servers);
    let slow = json!({"kind": "delay", "ms": DELAY_MS, "at": "before_commit"});
    let rules = json!([refresh_rule(slow, None)]);
    demo.put_faults(rules).await.unwrap();
    for (number, size) in sizes.iter().enumerate() {
        let mut user = expired_user(number, &deployment, &addresses).await;
        let before = demo.refreshes().await.unwrap();
        let outcomes = storm(&addresses, *size, API_PATH, &user.cookie_header())
            .await
            .unwrap();
        let details = || format!("{outcomes:?} {}", logs(&servers));
        assert_eq!(succeeded(&outcomes), *size, "{}", details());
        assert_eq!(demo.refreshes().await.unwrap() - before, 1, "{size}");
        assert!(slowest(&outcomes) < SLOWEST, "{:?}", slowest(&outcomes));
        for server in &addresses {
            let late = user.get(*server, API_PATH).await.unwrap();
            assert_eq!(late.text(), API_BODY);
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
    use confidant_test_support::postgres::own_server;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_storm_on_three_replicas_is_one_token_request() {
        let Some(store) = own_server("a storm on three replicas").unwrap() else {
            return;
        };
        let deployment = deployment(Some(&store), config()).await;
        run_storms(deployment, 3, &[50, 1000]).await;
    }
}
