//! What operators see: the figures, and one line for each token request.

use crate::fixture::{CALL, deployment, expired};
use confidant_test_support::{
    deployment::DeploymentConfig,
    http::{request, send},
    storm::storm,
};
use serde_json::json;
use std::time::Duration;

/// Every figure that there is to be, with something to tell after this story.
const METRICS: [&str; 14] = [
    r#"confidant_token_requests_total{provider="demo",outcome="success"} 1"#,
    r#"confidant_token_requests_total{provider="demo",outcome="ambiguous"} 1"#,
    r#"confidant_token_request_seconds_count{provider="demo"} 2"#,
    "confidant_refresh_waiters 0",
    "confidant_refresh_wait_seconds_count ",
    "confidant_refreshes_ahead_total 0",
    "confidant_leases_stolen_total 0",
    "confidant_sessions ",
    r#"confidant_sessions_begun_total{provider="demo"} 2"#,
    r#"confidant_sessions_ended_total{reason="signed_out"} 1"#,
    r#"confidant_forwarded_requests_total{api="demo",status="200"} 20"#,
    r#"confidant_forwarded_requests_total{api="demo",status="401"} 1"#,
    r#"confidant_forwarded_request_seconds_count{api="demo"} 21"#,
    "# HELP confidant_token_requests_total ",
];

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_every_figure_and_one_line_for_each_token_request_and_no_secret() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    let demo = deployment.demo();
    let mut servers = deployment.start_servers(1).await.unwrap();
    let at = servers[0].at;
    let mut user = expired(0, &deployment, &[at]).await;
    storm(&[at], 20, CALL, &user.cookie_header()).await.unwrap();
    let mut other = expired(1, &deployment, &[at]).await;
    let lost = json!({"kind": "close", "at": "after_commit"});
    demo.put_fault(lost).await.unwrap();
    other.get(at, CALL).await.unwrap();
    user.post(at, "/auth/logout", "").await.unwrap();

    let asked = request(axum::http::Method::GET, "/metrics", &[], "").unwrap();
    let answer = send(at, asked).await.unwrap();
    let told = answer.text();
    assert!(answer.header("content-type").starts_with("text/plain"));
    for figure in METRICS {
        assert!(told.contains(figure), "{figure} is not in:\n{told}");
    }

    // Lines of the last moment are written at the latest when it ends.
    let server = servers.pop().unwrap();
    let log = server
        .process
        .terminate_and_read_log(Duration::from_secs(5));
    let flights: Vec<_> = log
        .lines()
        .filter(|line| line.contains("token request"))
        .collect();
    assert_eq!(flights.len(), 2, "{log}");
    for part in [
        "outcome=\"success\"",
        "provider=demo",
        "took_ms=",
        "generation=1",
    ] {
        assert!(flights[0].contains(part), "{part}: {}", flights[0]);
    }
    let cookies = format!("{}; {}", user.cookie_header(), other.cookie_header());
    for secret in secrets(&cookies) {
        assert!(!log.contains(&secret) && !told.contains(&secret));
    }
}

fn secrets(cookies: &str) -> Vec<String> {
    let values = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let mut secrets: Vec<_> = values.map(|(_, value)| value.to_owned()).collect();
    assert!(!secrets.is_empty());
    secrets.push("a-secret-of-the-trial".to_owned());
    secrets
}
