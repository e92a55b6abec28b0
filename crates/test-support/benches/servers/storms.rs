//! One user, one expired token, many requests at the same moment.

use crate::{
    options::{Options, ROUNDS},
    plain_proxy::PlainProxy,
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

/// The store's name, whether it is Postgres, and the number of servers.
const STORES: [(&str, bool, usize); 3] = [
    ("SQLite", false, 1),
    ("Postgres", true, 1),
    ("Postgres", true, 3),
];

/// The numbers of requests.
const SIZES: [usize; 3] = [50, 1_000, 10_000];

/// How long the provider delays each refresh, in milliseconds: about as much as
/// the network adds to a provider on another machine.
const DELAY_MS: u64 = 100;

pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<(), Error> {
    let upstream = PlainProxy::start(options, None).await?;
    for (name, on_postgres, replicas) in STORES {
        // Deployments have different keys, so each needs a database of its own.
        let store = if on_postgres {
            options.start_postgres()?
        } else {
            None
        };
        if on_postgres && store.is_none() {
            report.leave_out(format!("Postgres, so no storm on {replicas} with it"));
            continue;
        }
        let config = DeploymentConfig {
            store: store.as_ref().map(Postgres::url),
            upstream: Some(format!("http://{}", upstream.address)),
            ..DeploymentConfig::default()
        };
        let mut deployment = Deployment::start(&options.server, &config).await?;
        let servers = deployment.start_servers(replicas).await?;
        let name = format!("{replicas} with {name}");
        measure_all_sizes(&name, &deployment, &servers, report).await?;
        if let Some((_, peak)) = servers[0].process.memory() {
            let figures = json!({"at most MB": rounded(peak as f64 / 1e6, 1)});
            report.add_row("Memory of one server", &format!("storms, {name}"), figures);
        }
    }
    Ok(())
}

async fn measure_all_sizes(
    name: &str,
    deployment: &Deployment,
    servers: &[Server],
    report: &mut Report,
) -> Result<(), Error> {
    let addresses = addresses(servers);
    let slow = json!({"kind": "delay", "ms": DELAY_MS, "at": "before_commit"});
    let demo = deployment.demo();
    demo.put_faults(json!([refresh_rule(slow, None)])).await?;
    for size in SIZES {
        let mut requests = Vec::new();
        let mut succeeded = Vec::new();
        let mut beyond = Vec::new();
        for round in 0..ROUNDS {
            let token_endpoint = deployment.measure_token_endpoint().await?;
            let storm = run_storm(round, size, deployment, &addresses).await?;
            requests.push(storm.token_requests);
            succeeded.push(storm.succeeded);
            let beyond_endpoint = storm.slowest.saturating_sub(token_endpoint);
            beyond.push(beyond_endpoint.as_secs_f64() * 1000.0);
        }
        let figures = json!({
            "token requests": requests,
            "succeeded": succeeded,
            "slowest beyond the token endpoint's time, ms": rounded(median(&beyond), 0),
            "runs, ms": beyond.iter().map(|run| run.round()).collect::<Vec<_>>(),
        });
        report.add_row("Storms", &format!("{size} on {name}"), figures);
    }
    Ok(())
}

/// The result of one storm.
struct Storm {
    token_requests: u64,
    succeeded: usize,
    slowest: Duration,
}

async fn run_storm(
    round: usize,
    size: usize,
    deployment: &Deployment,
    servers: &[SocketAddr],
) -> Result<Storm, Error> {
    let mut user = TestUser::new(round, deployment.provider());
    user.sign_in(servers).await?;
    user.post(servers[0], "/auth/expire", "").await?;
    let demo = deployment.demo();
    let before = demo.refreshes().await?;
    let outcomes = storm(servers, size, "/api/demo/x", &user.cookie_header()).await?;
    Ok(Storm {
        token_requests: demo.refreshes().await? - before,
        succeeded: succeeded(&outcomes),
        slowest: slowest(&outcomes),
    })
}
