//! `kill -9` in the middle of a flight, a hundred times.

use crate::fixture::{
    CALL, deployment, expire, postgres, reauthenticate_silently, retry_while_unavailable,
};
use confidant_test_support::{
    demo_provider::refresh_rule,
    deployment::{Deployment, DeploymentConfig},
    test_user::TestUser,
};
use serde_json::json;
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

const TIMES: usize = 100;

/// How long a token request is held up, before or after the token is spent.
const HELD: Duration = Duration::from_millis(200);

/// Of these, one dies wherever it has got to, the others once they have asked.
const ANYWHERE: usize = 4;

/// Signs users in, and kills a server under each of them while it refreshes,
/// each time a little later.
async fn kill_servers_during_refresh(
    deployment: &mut Deployment,
    survivor: SocketAddr,
) -> (Vec<TestUser>, usize) {
    let demo = deployment.demo();
    let mut users = Vec::new();
    for number in 0..TIMES {
        let mut user = TestUser::new(number, deployment.provider());
        user.sign_in(&[survivor]).await.unwrap();
        expire(&mut user, survivor).await;
        users.push(user);
    }
    let held = |at| {
        refresh_rule(
            json!({"kind": "delay", "ms": HELD.as_millis(), "at": at}),
            None,
        )
    };
    let mut early = held("before_commit");
    early["probability"] = json!(0.5);
    let rules = json!([early, held("after_commit")]);
    demo.put_faults(rules).await.unwrap();
    let mut in_flight = 0;
    for (number, user) in users.iter_mut().enumerate() {
        let victim = deployment.start_server().await.unwrap();
        let before = demo.fault_hits().await.unwrap();
        let (at, mut caller) = (victim.at, user.clone());
        let call = tokio::spawn(async move { caller.get(at, CALL).await });
        if number % ANYWHERE > 0 {
            demo.wait_for_fault_hits(before + 1).await.unwrap();
        }
        tokio::time::sleep(HELD * number as u32 / TIMES as u32).await;
        victim.process.kill();
        let unanswered = call.await.unwrap().is_err();
        // One that was killed before it asked was in no flight.
        let asked = demo.fault_hits().await.unwrap() > before;
        in_flight += usize::from(unanswered && asked);
    }
    demo.clear().await.unwrap();
    (users, in_flight)
}

/// What the survivor tells each of them, once the dead one's leases have run
/// out.
async fn told(users: &mut [TestUser], survivor: SocketAddr) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for user in users {
        let mut answer = retry_while_unavailable(user, survivor).await;
        let word = if answer.status == 200 {
            "served".to_owned()
        } else {
            answer.code()
        };
        if word == "reauthorize" {
            reauthenticate_silently(user, survivor).await.unwrap();
            answer = user.get(survivor, CALL).await.unwrap();
        }
        assert_eq!(answer.status, 200, "{word}: {}", answer.text());
        *told.entry(word).or_default() += 1;
    }
    told
}

fn config() -> DeploymentConfig {
    DeploymentConfig {
        // Leases of nine seconds.
        deadline: "3s",
        ..DeploymentConfig::default()
    }
}

mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_crashes_in_flight_lose_no_session_under_grace() {
        let Some(store) = super::postgres("crashes under grace") else {
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
            kill_servers_during_refresh(&mut deployment, survivor.at).await;
        assert!(in_flight > TIMES / 4, "only {in_flight} were in flight");
        let told = told(&mut users, survivor.at).await;
        assert_eq!(told, BTreeMap::from([("served".to_owned(), TIMES)]));
        assert_eq!(deployment.demo().replayed_tokens().await.unwrap(), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_crashes_in_flight_replay_nothing_under_strict_rotation() {
        let Some(store) = super::postgres("crashes under strict rotation") else {
            return;
        };
        let mut deployment = deployment(Some(&store), config()).await;
        let survivor = deployment.start_server().await.unwrap();
        let (mut users, in_flight) =
            kill_servers_during_refresh(&mut deployment, survivor.at).await;
        assert!(in_flight > TIMES / 4, "only {in_flight} were in flight");
        // Some open a page first: those whose tokens are in doubt are led back
        // by it, though nobody has looked at them since.
        tokio::time::sleep(Duration::from_secs(9)).await;
        let mut led_back = 0;
        for user in &mut users[TIMES / 2..] {
            let page = user.open_page(survivor.at, "/bff/menu").await.unwrap();
            if page.status == 303 {
                reauthenticate_silently(user, survivor.at).await.unwrap();
                led_back += 1;
            }
        }
        assert!(led_back > 0, "nobody was led back");
        let told = told(&mut users, survivor.at).await;
        let known = ["served", "reauthorize"];
        assert!(told.keys().all(|word| known.contains(&&**word)), "{told:?}");
        assert!(told.contains_key("reauthorize"), "{told:?}");
        assert_eq!(deployment.demo().replayed_tokens().await.unwrap(), 0);
    }
}
