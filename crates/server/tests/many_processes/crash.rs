//! SIGKILL during a refresh, a hundred times.

use crate::fixture::{
    API_PATH, deployment, expired_user, reauthenticate_silently, retry_while_unavailable,
};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{Deployment, DeploymentConfig},
    test_user::TestUser,
};
use serde_json::json;
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

/// The number of users, and of servers that are killed.
const CRASHES: usize = 100;

/// How long the provider delays a token request, before or after it replaces the
/// refresh token.
const DELAY: Duration = Duration::from_millis(200);

/// Every fourth server may be killed before it has sent its token request, the
/// others after that.
const EARLY: usize = 4;

/// Signs users in and, for each, kills a server during the refresh, every time a
/// little later. Returns the users and the number of servers that were killed
/// during a token request.
async fn kill_servers_during_refresh(
    deployment: &mut Deployment,
    survivor: SocketAddr,
) -> (Vec<TestUser>, usize) {
    let demo = deployment.demo();
    let mut users = Vec::new();
    for number in 0..CRASHES {
        users.push(expired_user(number, deployment, &[survivor]).await);
    }
    let delay = |at| {
        let fault = json!({"kind": "delay", "ms": DELAY.as_millis(), "at": at});
        refresh_rule(fault, None)
    };
    let mut before_commit = delay("before_commit");
    before_commit["probability"] = json!(0.5);
    let rules = json!([before_commit, delay("after_commit")]);
    demo.put_faults(rules).await.unwrap();
    let mut killed_in_flight = 0;
    for (number, user) in users.iter().enumerate() {
        let victim = deployment.start_server().await.unwrap();
        let before = demo.fault_hits().await.unwrap();
        let (server, mut caller) = (victim.address, user.clone());
        let request = tokio::spawn(async move { caller.get(server, API_PATH).await });
        if number % EARLY > 0 {
            demo.wait_for_fault_hits(before + 1).await.unwrap();
        }
        tokio::time::sleep(DELAY * number as u32 / CRASHES as u32).await;
        victim.process.kill();
        let unanswered = request.await.unwrap().is_err();
        let sent_token_request = demo.fault_hits().await.unwrap() > before;
        killed_in_flight += usize::from(unanswered && sent_token_request);
    }
    demo.clear_faults().await.unwrap();
    (users, killed_in_flight)
}

/// Sends an API request for each user to the remaining server, which has to wait
/// until the leases of the killed servers have expired. Returns how often each
/// outcome occurred: "served", or an error code.
async fn outcomes(users: &mut [TestUser], survivor: SocketAddr) -> BTreeMap<String, usize> {
    let mut outcomes = BTreeMap::new();
    for user in users {
        let mut response = retry_while_unavailable(user, survivor).await;
        let outcome = if response.status == 200 {
            "served".to_owned()
        } else {
            response.code()
        };
        if outcome == "reauthorize" {
            reauthenticate_silently(user, survivor).await.unwrap();
            response = user.get(survivor, API_PATH).await.unwrap();
        }
        assert_eq!(response.status, 200, "{outcome}: {}", response.text());
        *outcomes.entry(outcome).or_default() += 1;
    }
    outcomes
}

fn config() -> DeploymentConfig {
    DeploymentConfig {
        // Leases last three times as long.
        deadline: "3s",
        ..DeploymentConfig::default()
    }
}

mod postgres {
    use super::*;
    use confidant_test_support::postgres::own_server;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_crashes_in_flight_lose_no_session_under_grace() {
        let Some(store) = own_server("crashes under grace").unwrap() else {
            return;
        };
        let config = DeploymentConfig {
            grace: Some("10m"),
            ..config()
        };
        let mut deployment = deployment(Some(&store), config).await;
        let grace = json!({"old_refresh_token": {"grace_new_pair_ms": 600_000}});
        deployment.demo().put_policy(grace).await.unwrap();
        let survivor = deployment.start_server().await.unwrap();
        let (mut users, in_flight) =
            kill_servers_during_refresh(&mut deployment, survivor.address).await;
        assert!(in_flight > CRASHES / 4, "only {in_flight} in flight");
        let outcomes = outcomes(&mut users, survivor.address).await;
        assert_eq!(outcomes, BTreeMap::from([("served".to_owned(), CRASHES)]));
        assert_eq!(deployment.demo().replayed_tokens().await.unwrap(), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_crashes_in_flight_replay_nothing_under_strict_rotation() {
        let Some(store) = own_server("crashes under strict rotation").unwrap() else {
            return;
        };
        let mut deployment = deployment(Some(&store), config()).await;
        let survivor = deployment.start_server().await.unwrap();
        let (mut users, in_flight) =
            kill_servers_during_refresh(&mut deployment, survivor.address).await;
        assert!(in_flight > CRASHES / 4, "only {in_flight} in flight");
        // Half of the users navigate to a page first. The page redirects those whose
        // refresh token may have been used to the provider, although no request has
        // needed the token since the crash.
        tokio::time::sleep(Duration::from_secs(9)).await;
        let mut redirected = 0;
        for user in &mut users[CRASHES / 2..] {
            let page = user.open_page(survivor.address, "/bff/menu").await.unwrap();
            if page.status == 303 {
                reauthenticate_silently(user, survivor.address)
                    .await
                    .unwrap();
                redirected += 1;
            }
        }
        assert!(redirected > 0, "no page redirected to the provider");
        let outcomes = outcomes(&mut users, survivor.address).await;
        let expected = ["served", "reauthorize"];
        assert!(
            outcomes.keys().all(|one| expected.contains(&&**one)),
            "{outcomes:?}"
        );
        assert!(outcomes.contains_key("reauthorize"), "{outcomes:?}");
        assert_eq!(deployment.demo().replayed_tokens().await.unwrap(), 0);
    }
}
