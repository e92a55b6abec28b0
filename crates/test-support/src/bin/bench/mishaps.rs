//! What goes wrong at the provider, and who notices.

use crate::{ROUNDS, forwarding::answering, options::Options, report::Report};
use confidant_test_support::{
    Trouble,
    deployment::{Deployment, Setup},
    person::Person,
    storm::{storm, succeeded},
};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

const CALL: &str = "/api/demo/x";

/// How a provider treats refresh tokens, and how the client knows.
struct Policy {
    name: &'static str,
    profile: &'static str,
    grace: Option<&'static str>,
    policy: Value,
}

fn policies() -> [Policy; 3] {
    [
        Policy {
            name: "reusable",
            profile: "google",
            grace: None,
            policy: json!({"answer": "omitted"}),
        },
        Policy {
            name: "grace",
            profile: "generic",
            grace: Some("30s"),
            policy: json!({"old_refresh_token": {"grace_new_pair_ms": 30_000}}),
        },
        Policy {
            name: "strict",
            profile: "generic",
            grace: None,
            policy: json!({}),
        },
    ]
}

pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<(), Trouble> {
    let upstream = answering(options, None)?;
    for policy in policies() {
        let setup = Setup {
            profile: policy.profile,
            grace: policy.grace,
            upstream: Some(format!("http://{}", upstream.at)),
            ..Setup::default()
        };
        let mut deployment = Deployment::start(&options.server, &setup).await?;
        let server = deployment.server().await?;
        let trial = Trial {
            deployment: &deployment,
            at: server.at,
        };
        deployment.demo().put_policy(policy.policy.clone()).await?;
        let lost = json!({"kind": "close", "at": "after_commit"});
        trial.row("lost answer", policy.name, &lost, report).await?;
        let busy = json!({"kind": "status", "status": 503, "at": "before_commit"});
        trial.row("503 once", policy.name, &busy, report).await?;
        trial.late(policy.name, report).await?;
    }
    Ok(())
}

struct Trial<'a> {
    deployment: &'a Deployment,
    at: SocketAddr,
}

impl Trial<'_> {
    async fn expired(&self, number: usize) -> Result<Person, Trouble> {
        let mut person = Person::new(number, self.deployment.provider());
        person.sign_in(&[self.at]).await?;
        person.post(self.at, "/auth/expire", "").await?;
        Ok(person)
    }

    /// One fault, met by one request.
    async fn row(
        &self,
        what: &str,
        policy: &str,
        fault: &Value,
        report: &mut Report,
    ) -> Result<(), Trouble> {
        let mut firsts = Vec::new();
        let mut afterwards = Vec::new();
        for round in 0..ROUNDS {
            let mut person = self.expired(round).await?;
            self.deployment.demo().put_fault(fault.clone()).await?;
            let first = person.get(self.at, CALL).await?;
            firsts.push(word(first.status.is_success(), &first.code()));
            // What an application does that is told to come back.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let next = person.get(self.at, CALL).await?;
            let mut state = word(next.status.is_success(), &next.code());
            if state == "reauthorize" && self.came_back(&mut person).await? {
                state = "alive by the silent way back".to_owned();
            } else if state == "answered" {
                state = "alive".to_owned();
            }
            afterwards.push(state);
        }
        let figures = json!({
            "the user's request": one_word(&firsts),
            "session afterwards": one_word(&afterwards),
            "replays": self.deployment.demo().reused().await?,
        });
        report.row("Mishaps", &format!("{what}, {policy}"), figures);
        Ok(())
    }

    /// A navigation that asks nobody, and whether the session works after it.
    async fn came_back(&self, person: &mut Person) -> Result<bool, Trouble> {
        let page = person.open(self.at, "/bff/menu").await?;
        let callback = person.at_provider(page.header("location")).await?;
        person.finish(self.at, &callback).await?;
        Ok(person.get(self.at, CALL).await?.status.is_success())
    }

    /// A storm, and one more request with the cookies from before.
    async fn late(&self, policy: &str, report: &mut Report) -> Result<(), Trouble> {
        let mut late = Vec::new();
        for round in 0..ROUNDS {
            let mut person = self.expired(round).await?;
            let demo = self.deployment.demo();
            let outcomes = storm(&[self.at], 50, CALL, &person.cookie()).await?;
            let before = demo.token_requests().await?;
            let answer = person.get(self.at, CALL).await?;
            let asked = demo.token_requests().await? - before;
            let good = answer.status.is_success() && succeeded(&outcomes) == 50;
            late.push(format!(
                "{} and {asked} token requests",
                word(good, &answer.code())
            ));
        }
        let figures = json!({"late request": one_word(&late), "replays": self.deployment.demo().reused().await?});
        report.row("Mishaps", &format!("late arrival, {policy}"), figures);
        Ok(())
    }
}

fn word(good: bool, code: &str) -> String {
    if good { "answered" } else { code }.to_owned()
}

/// What all runs had in common, or each of them.
fn one_word(words: &[String]) -> String {
    match words {
        [first, rest @ ..] if rest.iter().all(|word| word == first) => first.clone(),
        _ => words.join(" / "),
    }
}
