//! `kill -9` in the middle of a flight, a hundred times.

use crate::ground::{CALL, call_until_settled, come_back, deployment, expire, postgres};
use confidant_test_support::{
    demo::refresh,
    deployment::{Deployment, Setup},
    person::Person,
};
use serde_json::json;
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

const TIMES: usize = 100;

/// How long a token request is held up, before or after the token is spent.
const HELD: Duration = Duration::from_millis(200);

/// Of these, one dies wherever it has got to, the others once they have asked.
const ANYWHERE: usize = 4;

/// Signs people in, and kills a server under each of them while it refreshes,
/// each time a little later.
async fn kill_under(deployment: &mut Deployment, survivor: SocketAddr) -> (Vec<Person>, usize) {
    let demo = deployment.demo();
    let mut people = Vec::new();
    for number in 0..TIMES {
        let mut person = Person::new(number, deployment.provider());
        person.sign_in(&[survivor]).await.unwrap();
        expire(&mut person, survivor).await;
        people.push(person);
    }
    let held = |at| {
        refresh(
            json!({"kind": "delay", "ms": HELD.as_millis(), "at": at}),
            None,
        )
    };
    let mut early = held("before_commit");
    early["probability"] = json!(0.5);
    let rules = json!([early, held("after_commit")]);
    demo.put_faults(rules).await.unwrap();
    let mut in_flight = 0;
    for (number, person) in people.iter_mut().enumerate() {
        let victim = deployment.server().await.unwrap();
        let before = demo.struck().await.unwrap();
        let (at, mut caller) = (victim.at, person.clone());
        let call = tokio::spawn(async move { caller.get(at, CALL).await });
        if number % ANYWHERE > 0 {
            demo.until_struck(before + 1).await.unwrap();
        }
        tokio::time::sleep(HELD * number as u32 / TIMES as u32).await;
        victim.process.kill();
        let unanswered = call.await.unwrap().is_err();
        // One that was killed before it asked was in no flight.
        let asked = demo.struck().await.unwrap() > before;
        in_flight += usize::from(unanswered && asked);
    }
    demo.clear().await.unwrap();
    (people, in_flight)
}

/// What the survivor tells each of them, once the dead one's leases have run
/// out.
async fn told(people: &mut [Person], survivor: SocketAddr) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for person in people {
        let mut answer = call_until_settled(person, survivor).await;
        let word = if answer.status == 200 {
            "served".to_owned()
        } else {
            answer.code()
        };
        if word == "reauthorize" {
            come_back(person, survivor).await.unwrap();
            answer = person.get(survivor, CALL).await.unwrap();
        }
        assert_eq!(answer.status, 200, "{word}: {}", answer.text());
        *told.entry(word).or_default() += 1;
    }
    told
}

fn setup() -> Setup {
    Setup {
        // Leases of nine seconds.
        deadline: "3s",
        ..Setup::default()
    }
}

mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_crashes_in_flight_lose_no_session_under_grace() {
        let Some(store) = super::postgres("crashes under grace") else {
            return;
        };
        let setup = Setup {
            grace: Some("10m"),
            ..setup()
        };
        let mut deployment = deployment(Some(&store), setup).await;
        let grace = json!({"old_refresh_token": {"grace_new_pair_ms": 600_000}});
        deployment.demo().put_policy(grace).await.unwrap();
        let survivor = deployment.server().await.unwrap();
        let (mut people, in_flight) = kill_under(&mut deployment, survivor.at).await;
        assert!(in_flight > TIMES / 4, "only {in_flight} were in flight");
        let told = told(&mut people, survivor.at).await;
        assert_eq!(told, BTreeMap::from([("served".to_owned(), TIMES)]));
        assert_eq!(deployment.demo().reused().await.unwrap(), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_hundred_crashes_in_flight_replay_nothing_under_strict_rotation() {
        let Some(store) = super::postgres("crashes under strict rotation") else {
            return;
        };
        let mut deployment = deployment(Some(&store), setup()).await;
        let survivor = deployment.server().await.unwrap();
        let (mut people, in_flight) = kill_under(&mut deployment, survivor.at).await;
        assert!(in_flight > TIMES / 4, "only {in_flight} were in flight");
        // Some open a page first: those whose tokens are in doubt are led back
        // by it, though nobody has looked at them since.
        tokio::time::sleep(Duration::from_secs(9)).await;
        let mut led_back = 0;
        for person in &mut people[TIMES / 2..] {
            let page = person.open(survivor.at, "/bff/menu").await.unwrap();
            if page.status == 303 {
                come_back(person, survivor.at).await.unwrap();
                led_back += 1;
            }
        }
        assert!(led_back > 0, "nobody was led back");
        let told = told(&mut people, survivor.at).await;
        let known = ["served", "reauthorize"];
        assert!(told.keys().all(|word| known.contains(&&**word)), "{told:?}");
        assert!(told.contains_key("reauthorize"), "{told:?}");
        assert_eq!(deployment.demo().reused().await.unwrap(), 0);
    }
}
