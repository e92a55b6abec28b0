//! The service worker's script, run in Node.js against the same tables of
//! cases as the other clients.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot run the script has failed"
)]

mod flows;
mod profiles;
mod tables;

use confidant_browser::{
    ApiPrefix, ProviderProfile, Reuse, Settings, Storage, TokenBinding, service_worker,
};
use serde_json::{Value, json};
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// One fresh worker, and what is done with it.
struct Run {
    reuse: Reuse,
    steps: Vec<Value>,
}

/// What came of it.
struct Done {
    /// The result of each step that has one.
    results: Vec<Value>,
    /// The requests that left the worker, without those for metadata.
    requests: Vec<Value>,
    /// How long the worker waited, in milliseconds.
    slept: Vec<f64>,
}

fn settings(reuse: Reuse) -> Settings {
    Settings {
        issuer: "https://op.example".into(),
        client_id: "spa".into(),
        redirect_uri: "https://app.example/worker/callback".into(),
        scopes: vec!["openid".into()],
        storage: Storage::Local,
        binding: TokenBinding::Bearer,
        profile: ProviderProfile {
            reuse,
            ..ProviderProfile::generic()
        },
        apis: ApiPrefix::new("https://api.example/v1")
            .into_iter()
            .collect(),
        namespace: "worker".into(),
        post_logout_redirect_uri: None,
    }
}

/// Runs the script in Node.js, once for each run.
fn run(runs: Vec<Run>) -> Vec<Done> {
    let runs = runs.into_iter();
    run_with(runs.map(|run| (settings(run.reuse), run.steps)).collect())
}

/// Runs the script in Node.js, once with each of these settings.
fn run_with(runs: Vec<(Settings, Vec<Value>)>) -> Vec<Done> {
    let input: Vec<_> = runs
        .into_iter()
        .map(|(settings, steps)| json!({ "script": service_worker(&settings), "steps": steps }))
        .collect();
    let mut node = Command::new("node")
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/service_worker/harness.js"
        ))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js is needed: it runs the service worker's script");
    let mut stdin = node.stdin.take().unwrap();
    stdin
        .write_all(json!(input).to_string().as_bytes())
        .unwrap();
    drop(stdin);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    let done: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    done.into_iter()
        .map(|done| Done {
            results: done["results"].as_array().unwrap().clone(),
            requests: done["requests"].as_array().unwrap().clone(),
            slept: serde_json::from_value(done["slept"].clone()).unwrap(),
        })
        .collect()
}

/// A token response with this refresh token.
fn tokens(access_token: &str, refresh_token: &str) -> Value {
    let body = json!({
        "access_token": access_token, "refresh_token": refresh_token, "expires_in": 3600,
    });
    json!({ "body": body.to_string() })
}

/// Signs in, and gets the first tokens.
fn sign_in() -> Value {
    json!({
        "respond": [tokens("at-1", "rt-1")],
        "send": { "op": "exchange", "code": "c", "verifier": "v", "nonce": "n" },
    })
}

/// Prepares these responses, then sends this operation.
fn step(responses: &[Value], operation: &str) -> Value {
    json!({ "respond": responses, "send": { "op": operation } })
}

/// The error code of a reply, or `ok`.
fn code(reply: &Value) -> &str {
    reply["error"]["code"].as_str().unwrap_or("ok")
}
