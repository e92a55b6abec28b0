//! One user, one expired token, many requests at one moment.

use crate::{
    ROUNDS,
    forwarding::answering,
    options::Options,
    report::{Report, median, rounded},
};
use confidant_test_support::{
    Error,
    demo_provider::refresh_rule,
    deployment::{Deployment, DeploymentConfig, Server, addresses},
    postgres::Postgres,
    storm::{slowest, storm, succeeded},
    test_user::TestUser,
};
use serde_json::json;
use std::{net::SocketAddr, time::Duration};

/// Which store, and how many servers on it.
const SETUPS: [(&str, bool, usize); 3] = [
    ("SQLite", false, 1),
    ("Postgres", true, 1),
    ("Postgres", true, 3),
];

const SIZES: [usize; 3] = [50, 1_000, 10_000];

/// How long the provider is made to take, in milliseconds, beside its own
/// work: as one that is not on this machine.
const DELAY: u64 = 100;

pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<(), Error> {
    let upstream = answering(options, None)?;
    for (name, on_postgres, replicas) in SETUPS {
        // A database of its own for each: they are sealed with other keys.
        let store = if on_postgres {
            options.postgres()?
        } else {
            None
        };
        if on_postgres && store.is_none() {
            report.leave_out(format!("Postgres, so no storm on {replicas} with it"));
            continue;
        }
        let setup = DeploymentConfig {
            store: store.as_ref().map(Postgres::url),
            upstream: Some(format!("http://{}", upstream.at)),
            ..DeploymentConfig::default()
        };
        let mut deployment = Deployment::start(&options.server, &setup).await?;
        let servers = deployment.start_servers(replicas).await?;
        let name = format!("{replicas} with {name}");
        of_all_sizes(&name, &deployment, &servers, report).await?;
        let memory = servers[0].process.memory();
        if let Some((_, most)) = memory {
            let figures = json!({"at most MB": rounded(most as f64 / 1e6, 1)});
            report.row("Memory of one server", &format!("storms, {name}"), figures);
        }
    }
    Ok(())
}

async fn of_all_sizes(
    name: &str,
    deployment: &Deployment,
    servers: &[Server],
    report: &mut Report,
) -> Result<(), Error> {
    let at = addresses(servers);
    let slow = json!({"kind": "delay", "ms": DELAY, "at": "before_commit"});
    let demo = deployment.demo();
    demo.put_faults(json!([refresh_rule(slow, None)])).await?;
    for size in SIZES {
        let mut requests = Vec::new();
        let mut succeeded = Vec::new();
        let mut beyond = Vec::new();
        for round in 0..ROUNDS {
            let own = deployment.measure_token_endpoint().await?;
            let storm = one(round, size, deployment, &at).await?;
            requests.push(storm.requests);
            succeeded.push(storm.succeeded);
            let beyond_own = storm.slowest.saturating_sub(own);
            beyond.push(beyond_own.as_secs_f64() * 1000.0);
        }
        let figures = json!({
            "token requests": requests,
            "succeeded": succeeded,
            "slowest beyond the token endpoint's time, ms": rounded(median(&beyond), 0),
            "runs, ms": beyond.iter().map(|run| run.round()).collect::<Vec<_>>(),
        });
        report.row("Storms", &format!("{size} on {name}"), figures);
    }
    Ok(())
}

struct Storm {
    requests: u64,
    succeeded: usize,
    slowest: Duration,
}

async fn one(
    round: usize,
    size: usize,
    deployment: &Deployment,
    at: &[SocketAddr],
) -> Result<Storm, Error> {
    let mut user = TestUser::new(round, deployment.provider());
    user.sign_in(at).await?;
    user.post(at[0], "/auth/expire", "").await?;
    let demo = deployment.demo();
    let before = demo.refreshes().await?;
    let outcomes = storm(at, size, "/api/demo/x", &user.cookie_header()).await?;
    Ok(Storm {
        requests: demo.refreshes().await? - before,
        succeeded: succeeded(&outcomes),
        slowest: slowest(&outcomes),
    })
}
