//! What a fault of the provider does to a user's request and session, under each
//! policy for refresh tokens.

use crate::{
    options::{Options, ROUNDS},
    plain_proxy::PlainProxy,
    report::Report,
};
use confidant_test_support::{
    Error,
    deployment::{Deployment, DeploymentConfig},
    http::Response,
    storm::{storm, succeeded},
    test_user::TestUser,
};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

const API_PATH: &str = "/api/demo/x";
const TABLE: &str = "Provider faults";
/// The number of requests before a late one.
const STORM: usize = 50;

/// A policy of the provider for refresh tokens, and the client's settings for it.
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
    let upstream = PlainProxy::start(options, None).await?;
    for policy in policies() {
        let config = DeploymentConfig {
            profile: policy.profile,
            grace: policy.grace,
            upstream: Some(format!("http://{}", upstream.address)),
            ..DeploymentConfig::default()
        };
        let mut deployment = Deployment::start(&options.server, &config).await?;
        let server = deployment.start_server().await?;
        deployment.demo().put_policy(policy.policy.clone()).await?;
        let scenario = Scenario {
            deployment: &deployment,
            server: server.address,
            policy: policy.name,
        };
        let lost = json!({"kind": "close", "at": "after_commit"});
        scenario.one_fault("lost answer", &lost, report).await?;
        let busy = json!({"kind": "status", "status": 503, "at": "before_commit"});
        scenario.one_fault("503 once", &busy, report).await?;
        scenario.late_request(report).await?;
    }
    Ok(())
}

struct Scenario<'a> {
    deployment: &'a Deployment,
    server: SocketAddr,
    policy: &'a str,
}

impl Scenario<'_> {
    /// Signs a user in and expires the access token.
    async fn expired_user(&self, number: usize) -> Result<TestUser, Error> {
        let mut user = TestUser::new(number, self.deployment.provider());
        user.sign_in(&[self.server]).await?;
        user.post(self.server, "/auth/expire", "").await?;
        Ok(user)
    }

    /// One refresh meets the fault. Reports the response to the request that
    /// needed the token, and the state of the session a second later.
    async fn one_fault(&self, name: &str, fault: &Value, report: &mut Report) -> Result<(), Error> {
        let demo = self.deployment.demo();
        let mut firsts = Vec::new();
        let mut afterwards = Vec::new();
        for round in 0..ROUNDS {
            let mut user = self.expired_user(round).await?;
            demo.put_fault(fault.clone()).await?;
            let first = user.get(self.server, API_PATH).await?;
            firsts.push(verdict(&first));
            // An application that gets 503 tries again after Retry-After.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let next = user.get(self.server, API_PATH).await?;
            let mut state = verdict(&next);
            if state == "reauthorize" && self.reauthenticates_silently(&mut user).await? {
                state = "alive by silent re-authentication".to_owned();
            } else if state == "answered" {
                state = "alive".to_owned();
            }
            afterwards.push(state);
        }
        let figures = json!({
            "the user's request": summary(&firsts),
            "session afterwards": summary(&afterwards),
            "replays": demo.replayed_tokens().await?,
        });
        report.add_row(TABLE, &format!("{name}, {}", self.policy), figures);
        Ok(())
    }

    /// Navigates to a page, follows the redirect to the provider, and returns
    /// whether the session works after that.
    async fn reauthenticates_silently(&self, user: &mut TestUser) -> Result<bool, Error> {
        let page = user.open_page(self.server, "/bff/menu").await?;
        let callback = user.authorize(page.header("location")).await?;
        user.finish_login(self.server, &callback).await?;
        let response = user.get(self.server, API_PATH).await?;
        Ok(response.status.is_success())
    }

    /// Sends a storm, then one more request with the same cookies.
    async fn late_request(&self, report: &mut Report) -> Result<(), Error> {
        let demo = self.deployment.demo();
        let mut late = Vec::new();
        for round in 0..ROUNDS {
            let mut user = self.expired_user(round).await?;
            let outcomes = storm(&[self.server], STORM, API_PATH, &user.cookie_header()).await?;
            let before = demo.token_requests().await?;
            let response = user.get(self.server, API_PATH).await?;
            let requests = demo.token_requests().await? - before;
            let verdict = if succeeded(&outcomes) == STORM {
                verdict(&response)
            } else {
                response.code()
            };
            late.push(format!("{verdict} and {requests} token requests"));
        }
        let figures = json!({
            "late request": summary(&late),
            "replays": demo.replayed_tokens().await?,
        });
        report.add_row(TABLE, &format!("late arrival, {}", self.policy), figures);
        Ok(())
    }
}

/// Returns "answered" for a success, and else the error code.
fn verdict(response: &Response) -> String {
    if response.status.is_success() {
        "answered".to_owned()
    } else {
        response.code()
    }
}

/// Returns the result if all runs have the same, and else all results.
fn summary(results: &[String]) -> String {
    match results {
        [first, rest @ ..] if rest.iter().all(|result| result == first) => first.clone(),
        _ => results.join(" / "),
    }
}
