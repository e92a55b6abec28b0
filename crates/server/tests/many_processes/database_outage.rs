//! A Postgres that crashes during a refresh and starts again, and a key file that
//! is missing.

use crate::fixture::{API_PATH, deployment, expired_user, retry_while_unavailable};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{DeploymentConfig, addresses},
    test_user::TestUser,
};
use serde_json::json;
use std::time::Duration;

mod postgres {
    use super::*;
    use confidant_test_support::postgres::own_server;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_restart_of_postgres_during_a_refresh_loses_no_token_and_needs_no_server_restart() {
        let Some(mut store) = own_server("a restart of Postgres").unwrap() else {
            return;
        };
        let mut deployment = deployment(Some(&store), DeploymentConfig::default()).await;
        let demo = deployment.demo();
        let mut servers = deployment.start_servers(2).await.unwrap();
        let addresses = addresses(&servers);
        let mut user = expired_user(0, &deployment, &addresses).await;
        let slow = json!({"kind": "delay", "ms": 1500, "at": "after_commit"});
        let rules = json!([refresh_rule(slow, Some(1))]);
        demo.put_faults(rules).await.unwrap();
        let before = demo.refreshes().await.unwrap();

        let (mut caller, server) = (user.clone(), addresses[0]);
        let request = tokio::spawn(async move { caller.get(server, API_PATH).await });
        demo.wait_for_refreshes(before + 1).await.unwrap();
        store.crash().unwrap();
        let health = user.get(servers[1].operator, "/readyz").await.unwrap();
        assert_eq!(health.status, 503, "{}", health.text());
        assert_eq!(health.json()["store"], "unavailable");
        // The process itself is well: no supervisor should restart it.
        let live = user.get(addresses[1], "/livez").await.unwrap();
        assert_eq!(live.status, 200);
        tokio::time::sleep(Duration::from_secs(2)).await;
        store.launch().unwrap();

        // Answered late, or with 503: the session is still alive.
        let response = request.await.unwrap().unwrap();
        assert!(
            matches!(response.status.as_u16(), 200 | 503),
            "{response:?}"
        );
        for server in &mut servers {
            let exit_status = server.process.exit_status();
            assert_eq!(exit_status, None, "{}", server.process.log());
            let response = retry_while_unavailable(&mut user, server.address).await;
            assert_eq!(response.status, 200, "{}", response.text());
        }
        assert_eq!(demo.refreshes().await.unwrap() - before, 1);
        let mut other = TestUser::new(1, deployment.provider());
        other.sign_in(&addresses).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_key_file_a_server_that_is_no_demo_does_not_start() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    std::fs::remove_file(deployment.folder().join("confidant.keys")).unwrap();
    let outcome = deployment.start_server().await;
    let error = outcome.map(|server| server.address).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("the key file confidant.keys cannot be used"),
        "{message}"
    );
}
