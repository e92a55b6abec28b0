//! What goes wrong at the provider, and who notices.

use crate::{ROUNDS, forwarding::answering, options::Options, report::Report};
use confidant_test_support::{
    Error,
    deployment::{Deployment, DeploymentConfig},
    storm::{storm, succeeded},
    test_user::TestUser,
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

pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<(), Error> {
    let upstream = answering(options, None)?;
    for policy in policies() {
        let setup = DeploymentConfig {
            profile: policy.profile,
            grace: policy.grace,
            upstream: Some(format!("http://{}", upstream.at)),
            ..DeploymentConfig::default()
        };
        let mut deployment = Deployment::start(&options.server, &setup).await?;
        let server = deployment.start_server().await?;
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
    async fn expired(&self, number: usize) -> Result<TestUser, Error> {
        let mut user = TestUser::new(number, self.deployment.provider());
        user.sign_in(&[self.at]).await?;
        user.post(self.at, "/auth/expire", "").await?;
        Ok(user)
    }

    /// One fault, met by one request.
    async fn row(
        &self,
        what: &str,
        policy: &str,
        fault: &Value,
        report: &mut Report,
    ) -> Result<(), Error> {
        let mut firsts = Vec::new();
        let mut afterwards = Vec::new();
        for round in 0..ROUNDS {
            let mut user = self.expired(round).await?;
            self.deployment.demo().put_fault(fault.clone()).await?;
            let first = user.get(self.at, CALL).await?;
            firsts.push(word(first.status.is_success(), &first.code()));
            // What an application does that is told to come back.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let next = user.get(self.at, CALL).await?;
            let mut state = word(next.status.is_success(), &next.code());
            if state == "reauthorize" && self.came_back(&mut user).await? {
                state = "alive by the silent way back".to_owned();
            } else if state == "answered" {
                state = "alive".to_owned();
            }
            afterwards.push(state);
        }
        let figures = json!({
            "the user's request": one_word(&firsts),
            "session afterwards": one_word(&afterwards),
            "replays": self.deployment.demo().replayed_tokens().await?,
        });
        report.row("Provider faults", &format!("{what}, {policy}"), figures);
        Ok(())
    }

    /// A navigation that asks nobody, and whether the session works after it.
    async fn came_back(&self, user: &mut TestUser) -> Result<bool, Error> {
        let page = user.open_page(self.at, "/bff/menu").await?;
        let callback = user.authorize(page.header("location")).await?;
        user.finish_login(self.at, &callback).await?;
        Ok(user.get(self.at, CALL).await?.status.is_success())
    }

    /// A storm, and one more request with the cookies from before.
    async fn late(&self, policy: &str, report: &mut Report) -> Result<(), Error> {
        let mut late = Vec::new();
        for round in 0..ROUNDS {
            let mut user = self.expired(round).await?;
            let demo = self.deployment.demo();
            let outcomes = storm(&[self.at], 50, CALL, &user.cookie_header()).await?;
            let before = demo.token_requests().await?;
            let answer = user.get(self.at, CALL).await?;
            let asked = demo.token_requests().await? - before;
            let good = answer.status.is_success() && succeeded(&outcomes) == 50;
            late.push(format!(
                "{} and {asked} token requests",
                word(good, &answer.code())
            ));
        }
        let figures = json!({"late request": one_word(&late), "replays": self.deployment.demo().replayed_tokens().await?});
        report.row(
            "Provider faults",
            &format!("late arrival, {policy}"),
            figures,
        );
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
