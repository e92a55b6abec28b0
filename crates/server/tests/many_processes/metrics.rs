//! What operators see: the metrics, and a log line for each token request.

use crate::fixture::{API_PATH, deployment, expired_user};
use confidant_test_support::{
    deployment::{CLIENT_SECRET, DeploymentConfig},
    http::{request, send},
    storm::storm,
};
use serde_json::json;
use std::time::Duration;

/// Every metric, with the value that the test below leads to where it is certain.
const METRICS: [&str; 17] = [
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
    r#"confidant_revocations_total{provider="demo",outcome="revoked",reason="signed_out"} 1"#,
    r#"confidant_revocation_queue{state="retrying"} 0"#,
    "confidant_log_lines_dropped_total 0",
    "# HELP confidant_token_requests_total ",
];

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_every_metric_and_one_line_for_each_token_request_and_no_secret() {
    let mut deployment = deployment(None, DeploymentConfig::default()).await;
    let demo = deployment.demo();
    let server = deployment.start_server().await.unwrap();
    let address = server.address;
    let mut user = expired_user(0, &deployment, &[address]).await;
    let cookies = user.cookie_header();
    storm(&[address], 20, API_PATH, &cookies).await.unwrap();
    let mut other = expired_user(1, &deployment, &[address]).await;
    let lost = json!({"kind": "close", "at": "after_commit"});
    demo.put_fault(lost).await.unwrap();
    other.get(address, API_PATH).await.unwrap();
    user.post(address, "/auth/logout", "").await.unwrap();

    let request = request(axum::http::Method::GET, "/metrics", &[], "").unwrap();
    let response = send(server.operator, request).await.unwrap();
    let metrics = response.text();
    assert!(response.header("content-type").starts_with("text/plain"));
    for metric in METRICS {
        assert!(metrics.contains(metric), "{metric} is not in:\n{metrics}");
    }

    // Strangers see none of this.
    for path in ["/metrics", "/readyz", "/healthz"] {
        let response = other.get(address, path).await.unwrap();
        assert_eq!(response.status, 404, "{path}");
    }
    let ready = other.get(server.operator, "/readyz").await.unwrap();
    let expected = json!({"store": "ok", "revocations": {"queued": 0, "retrying": 0}});
    assert_eq!(ready.json(), expected);

    // The server has written its last log lines when it has ended.
    let log = server
        .process
        .terminate_and_read_log(Duration::from_secs(5));
    let token_requests: Vec<_> = log
        .lines()
        .filter(|line| line.contains("token request"))
        .collect();
    assert_eq!(token_requests.len(), 2, "{log}");
    for field in [
        "outcome=\"success\"",
        "provider=demo",
        "took_ms=",
        "generation=1",
    ] {
        let line = token_requests[0];
        assert!(line.contains(field), "{field}: {line}");
    }
    let cookies = format!("{cookies}; {}", other.cookie_header());
    for secret in secrets(&cookies) {
        assert!(!log.contains(&secret) && !metrics.contains(&secret));
    }
}

/// Returns the values of the cookies, and the client secret.
fn secrets(cookies: &str) -> Vec<String> {
    let values = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let mut secrets: Vec<_> = values.map(|(_, value)| value.to_owned()).collect();
    assert!(!secrets.is_empty());
    secrets.push(CLIENT_SECRET.to_owned());
    secrets
}
