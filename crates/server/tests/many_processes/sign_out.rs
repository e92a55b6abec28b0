//! SIGKILL between the end of a session and the revocation of its tokens.

use crate::fixture::deployment;
use confidant_test_support::{deployment::DeploymentConfig, test_user::TestUser};
use serde_json::json;
use std::time::{Duration, Instant};

const CRASHES: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn every_token_is_revoked_whose_server_was_killed_after_the_session_had_ended() {
    let config = DeploymentConfig {
        // Claims last three times as long.
        deadline: "1s",
        ..DeploymentConfig::default()
    };
    let mut deployment = deployment(None, config).await;
    let demo = deployment.demo();
    let first = deployment.start_server().await.unwrap();
    let (mut users, mut tokens) = (Vec::new(), Vec::new());
    for number in 0..CRASHES {
        let mut user = TestUser::new(number, deployment.provider());
        user.sign_in(&[first.address]).await.unwrap();
        let view = user.get(first.address, "/auth/token").await.unwrap().json();
        tokens.push(view["refresh_token"].as_str().unwrap().to_owned());
        users.push(user);
    }
    first.process.kill();
    let hang = json!({"kind": "delay", "ms": 60_000, "at": "before_commit"});
    let rule = json!([{"endpoint": "/revoke", "fault": hang}]);
    demo.put_faults(rule).await.unwrap();
    for mut user in users {
        let victim = deployment.start_server().await.unwrap();
        let (server, before) = (victim.address, demo.fault_hits().await.unwrap());
        let sign_out = tokio::spawn(async move { user.post(server, "/auth/logout", "").await });
        demo.wait_for_fault_hits(before + 1).await.unwrap();
        victim.process.kill();
        assert!(
            sign_out.await.unwrap().is_err(),
            "the server answered first"
        );
    }
    for token in &tokens {
        assert!(demo.is_active(token).await.unwrap(), "{token}");
    }
    demo.clear_faults().await.unwrap();
    let _survivor = deployment.start_server().await.unwrap();
    // A server that lived long enough to see an attempt fail has put the next one off.
    let deadline = Instant::now() + Duration::from_secs(180);
    let mut living = tokens;
    while !living.is_empty() {
        assert!(
            Instant::now() < deadline,
            "{} of {CRASHES} tokens are still active",
            living.len()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut still_living = Vec::new();
        for token in living {
            if demo.is_active(&token).await.unwrap() {
                still_living.push(token);
            }
        }
        living = still_living;
    }
}
