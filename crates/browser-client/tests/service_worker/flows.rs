//! What the worker does from a sign-in on.

use crate::{Done, Run, code, run, sign_in, step, tokens};
use confidant_browser::Reuse;
use serde_json::json;

fn one(reuse: Reuse, steps: Vec<serde_json::Value>) -> Done {
    run(vec![Run { reuse, steps }]).remove(0)
}

/// The refresh tokens that were presented.
fn presented(done: &Done) -> Vec<&str> {
    done.requests
        .iter()
        .filter_map(|request| request["body"].as_str()?.split("refresh_token=").nth(1))
        .filter_map(|rest| rest.split('&').next())
        .collect()
}

#[test]
fn one_503_is_not_noticed_and_the_wait_before_the_second_request_has_jitter() {
    let busy = json!({ "status": 503 });
    let steps = vec![sign_in(), step(&[busy, tokens("at-2", "rt-2")], "refresh")];
    let runs = (0..8).map(|_| Run {
        reuse: Reuse::Strict,
        steps: steps.clone(),
    });
    let done = run(runs.collect());
    for done in &done {
        assert_eq!(code(&done.results[1]), "ok");
        assert_eq!(presented(done), ["rt-1", "rt-1"]);
        assert!(done.slept[0] >= 1000.0 && done.slept[0] <= 1500.0);
    }
    assert!(done.iter().any(|other| other.slept != done[0].slept));
}

#[test]
fn a_provider_that_is_down_is_left_alone_after_the_second_request() {
    let busy = json!({ "status": 503 });
    let again = [busy.clone(), busy];
    let steps = vec![
        sign_in(),
        step(&[], "expire"),
        step(&again, "profile"),
        step(&[], "profile"),
        json!({ "pass": 6_000 }),
        step(
            &[tokens("at-2", "rt-2"), json!({ "body": "{}" })],
            "profile",
        ),
    ];
    let done = one(Reuse::Strict, steps);
    assert_eq!(code(&done.results[2]), "provider_unavailable");
    assert_eq!(code(&done.results[3]), "provider_unavailable");
    assert!(done.results[3]["error"]["retry_after"].as_u64() > Some(0));
    assert_eq!(code(&done.results[4]), "ok");
    assert_eq!(presented(&done).len(), 3);
}

#[test]
fn a_provider_that_asks_for_a_long_wait_is_not_asked_again() {
    let busy = json!({ "status": 429, "retry_after": "30" });
    let done = one(Reuse::Strict, vec![sign_in(), step(&[busy], "refresh")]);
    assert_eq!(done.results[1]["error"]["retry_after"], 30);
    assert_eq!(presented(&done).len(), 1);
}

#[test]
fn after_a_lost_response_a_strict_token_is_not_presented_again() {
    let steps = vec![
        sign_in(),
        step(&[json!({ "lost": true })], "refresh"),
        step(&[], "refresh"),
        step(&[], "token"),
        step(&[json!({ "body": "{}" })], "profile"),
        step(&[], "expire"),
        step(&[], "profile"),
    ];
    let done = one(Reuse::Strict, steps);
    let codes: Vec<_> = done.results.iter().map(code).collect();
    let expected = [
        "ok",
        "reauthorize",
        "reauthorize",
        "ok",
        "ok",
        "ok",
        "reauthorize",
    ];
    assert_eq!(codes, expected);
    assert_eq!(done.results[3]["ok"]["may_be_spent"], true);
    assert_eq!(presented(&done), ["rt-1"]);
}

#[test]
fn after_a_lost_response_a_reusable_token_is_presented_again_at_once_and_later() {
    let lost = json!({ "lost": true });
    let steps = vec![
        sign_in(),
        step(&[lost.clone(), tokens("at-2", "rt-1")], "refresh"),
        step(&[lost.clone(), lost], "refresh"),
        step(&[], "token"),
        step(&[tokens("at-3", "rt-1")], "refresh"),
    ];
    let done = one(Reuse::Reusable, steps);
    let codes: Vec<_> = done.results.iter().map(code).collect();
    assert_eq!(codes, ["ok", "ok", "unreachable", "ok", "ok"]);
    assert_eq!(done.results[3]["ok"]["may_be_spent"], false);
    assert_eq!(presented(&done).len(), 5);
}

#[test]
fn within_a_grace_period_a_token_is_presented_again_at_once_only() {
    let lost = json!({ "lost": true });
    let grace = Reuse::Grace(std::time::Duration::from_secs(30));
    let steps = vec![
        sign_in(),
        step(&[lost.clone(), tokens("at-2", "rt-2")], "refresh"),
        step(&[lost.clone(), lost], "refresh"),
        step(&[], "refresh"),
    ];
    let done = one(grace, steps);
    let codes: Vec<_> = done.results.iter().map(code).collect();
    assert_eq!(codes, ["ok", "ok", "reauthorize", "reauthorize"]);
    assert_eq!(presented(&done), ["rt-1", "rt-1", "rt-2", "rt-2"]);
}

#[test]
fn callers_of_an_expired_token_share_one_refresh() {
    let profile = json!({ "op": "profile" });
    let userinfo = json!({ "body": "{}" });
    let mut responses = vec![tokens("at-2", "rt-2")];
    responses.extend(std::iter::repeat_n(userinfo, 10));
    let steps = vec![
        sign_in(),
        step(&[], "expire"),
        json!({ "respond": responses, "together": vec![profile; 10] }),
    ];
    let done = one(Reuse::Strict, steps);
    let replies = done.results[2].as_array().unwrap();
    assert!(replies.iter().all(|reply| code(reply) == "ok"));
    assert_eq!(presented(&done), ["rt-1"]);
}

#[test]
fn a_token_that_expires_soon_is_served_and_refreshed_behind_the_caller() {
    let userinfo = json!({ "path": "/userinfo", "body": "{}" });
    let mut refreshed = tokens("at-2", "rt-2");
    refreshed["path"] = "/token".into();
    let steps = vec![
        sign_in(),
        json!({ "pass": 3_590_000 }),
        step(&[refreshed, userinfo], "profile"),
        json!({ "evaluate": "pendingRefresh?.then(() => null)" }),
        step(&[], "token"),
    ];
    let done = one(Reuse::Strict, steps);
    assert_eq!(done.results[3]["ok"]["generation"], 2);
    assert_eq!(presented(&done), ["rt-1"]);
}

#[test]
fn a_dead_grant_ends_the_session_with_its_reason() {
    let dead = json!({ "status": 400, "body": r#"{"error":"invalid_grant"}"# });
    let steps = vec![
        sign_in(),
        step(&[dead], "refresh"),
        step(&[], "refresh"),
        step(&[], "session"),
    ];
    let done = one(Reuse::Strict, steps);
    assert_eq!(code(&done.results[2]), "grant_dead");
    let ended = &done.results[3]["ok"]["ended"];
    assert!(ended["message"].as_str().unwrap().contains("invalid_grant"));
    assert_eq!(presented(&done), ["rt-1"]);
}

#[test]
fn no_reply_contains_a_token() {
    let steps = vec![
        sign_in(),
        step(&[tokens("at-2", "rt-2")], "refresh"),
        step(&[json!({ "body": "{}" })], "profile"),
        step(&[], "token"),
        step(&[json!({})], "sign_out"),
    ];
    let done = one(Reuse::Strict, steps);
    for reply in &done.results {
        let reply = reply.to_string();
        for token in ["\"at-1", "\"at-2", "\"rt-1", "\"rt-2"] {
            assert!(!reply.contains(token), "{reply}");
        }
    }
    assert_eq!(done.results[4]["ok"]["revoked"], true);
}

#[test]
fn s11_a_refresh_that_brings_another_user_ends_the_session() {
    let with_id_token = |serial: u32, payload: &str| {
        let body = json!({
            "access_token": format!("at-{serial}"), "refresh_token": format!("rt-{serial}"),
            "id_token": format!("e30.{payload}.c2ln"),
        });
        json!({ "body": body.to_string() })
    };
    // The payloads name `ann` with the nonce `n`, `ann`, and `mallory`.
    let mut sign_in = sign_in();
    sign_in["respond"] = json!([with_id_token(1, "eyJzdWIiOiJhbm4iLCJub25jZSI6Im4ifQ")]);
    let steps = vec![
        sign_in,
        step(&[with_id_token(2, "eyJzdWIiOiJhbm4ifQ")], "refresh"),
        step(&[with_id_token(3, "eyJzdWIiOiJtYWxsb3J5In0")], "refresh"),
        step(&[], "session"),
    ];
    let done = one(Reuse::Strict, steps);
    assert_eq!(code(&done.results[1]), "ok");
    assert_eq!(code(&done.results[2]), "grant_dead");
    assert_eq!(done.results[3]["result"]["signed_in"], json!(null));
}

#[test]
fn a_silent_sign_in_is_a_change_of_the_token_and_another_one_is_not() {
    let exchange = |silent: bool| {
        json!({
            "respond": [tokens("at-2", "rt-2")],
            "send": { "op": "exchange", "code": "c", "verifier": "v", "nonce": "n", "silent": silent },
        })
    };
    let changes = [true, false].map(|silent| {
        let steps = vec![
            sign_in(),
            step(&[], "token"),
            exchange(silent),
            step(&[], "token"),
        ];
        let mut done = one(Reuse::Strict, steps).results;
        let (after, before) = (done.remove(3), done.remove(1));
        let change = after["change"].clone();
        (change, before, after)
    });
    let [(renewal, before, after), (none, ..)] = changes;
    assert_eq!(renewal["cause"], "renewal");
    assert_eq!(
        renewal["before"]["access_token"],
        before["ok"]["access_token"]
    );
    assert_eq!(
        renewal["after"]["access_token"],
        after["ok"]["access_token"]
    );
    assert_ne!(before["ok"]["access_token"], after["ok"]["access_token"]);
    assert!(none.is_null());
}
