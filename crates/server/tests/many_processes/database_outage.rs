//! A database that crashes in the middle of a flight and comes back, and keys
//! that are gone.

use crate::fixture::{CALL, deployment, expired, postgres, retry_while_unavailable};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{DeploymentConfig, addresses},
    test_user::TestUser,
};
use serde_json::json;
use std::time::Duration;

mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_restart_of_postgres_in_mid_flight_loses_no_token_and_needs_no_restart_of_ours() {
        let Some(mut store) = super::postgres("a restart of Postgres") else {
            return;
        };
        let mut deployment = deployment(Some(&store), DeploymentConfig::default()).await;
        let demo = deployment.demo();
        let mut servers = deployment.start_servers(2).await.unwrap();
        let at = addresses(&servers);
        let mut user = expired(0, &deployment, &at).await;
        let late = json!({"kind": "delay", "ms": 1500, "at": "after_commit"});
        demo.put_faults(json!([refresh_rule(late, Some(1))]))
            .await
            .unwrap();
        let before = demo.refreshes().await.unwrap();

        let (mut caller, server) = (user.clone(), at[0]);
        let call = tokio::spawn(async move { caller.get(server, CALL).await });
        demo.wait_for_refreshes(before + 1).await.unwrap();
        store.crash().unwrap();
        let health = user.get(at[1], "/healthz").await.unwrap();
        assert_eq!(health.code(), "store_unavailable", "{}", health.text());
        tokio::time::sleep(Duration::from_secs(2)).await;
        store.launch().unwrap();

        // Served late, or told to come back: never signed out.
        let answer = call.await.unwrap().unwrap();
        assert!(matches!(answer.status.as_u16(), 200 | 503), "{answer:?}");
        for (server, running) in at.iter().zip(&mut servers) {
            let ended = running.process.exit_status();
            assert_eq!(ended, None, "{}", running.process.log());
            let answer = retry_while_unavailable(&mut user, *server).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        assert_eq!(demo.refreshes().await.unwrap() - before, 1);
        let mut other = TestUser::new(1, deployment.provider());
        other.sign_in(&at).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_keys_a_server_that_is_no_demo_does_not_start() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    std::fs::remove_file(deployment.folder().join("confidant.keys")).unwrap();
    let refused = deployment.start_server().await.map(|server| server.at);
    let told = refused.unwrap_err().to_string();
    assert!(
        told.contains("the key file confidant.keys cannot be used"),
        "{told}"
    );
}
