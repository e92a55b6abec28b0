//! The tables of `confidant-protocol`.

use crate::{Run, code, run, sign_in, step};
use confidant_protocol::{
    Outcome, Reuse,
    cases::{redaction, refresh_policy, token_outcome, token_response},
    refresh_policy::{Decision, Freshness, RefreshAhead, Refusal, SPREAD_STEPS, spread},
    token_outcome::TokenRequest,
};
use serde_json::{Value, json};
use std::time::Duration;

#[test]
fn the_worker_gives_every_token_response_the_class_of_the_contract() {
    // The worker never asks for less at refresh.
    let narrowed = TokenRequest::RefreshToken { narrowed: true };
    let cases: Vec<_> = token_outcome::CASES
        .iter()
        .filter(|case| case.request != narrowed)
        .collect();
    let runs = cases.iter().map(|case| {
        let response = json!({
            "status": case.status, "content_type": case.content_type, "body": case.body,
        });
        // The worker asks for a transient response again.
        let respond = [response.clone(), response];
        let exchange = json!({
            "respond": respond,
            "send": { "op": "exchange", "code": "c", "verifier": "v", "nonce": "n" },
        });
        let steps = match case.request {
            TokenRequest::AuthorizationCode => vec![exchange],
            TokenRequest::RefreshToken { .. } => vec![sign_in(), step(&respond, "refresh")],
        };
        let reuse = Reuse::Strict;
        Run { reuse, steps }
    });
    let done = run(runs.collect());
    assert_eq!(done.len(), cases.len());
    for (case, done) in cases.iter().zip(done) {
        let is_code = case.request == TokenRequest::AuthorizationCode;
        let expected = match case.outcome {
            "success" => "ok",
            "dead" if is_code => "code_refused",
            "dead" => "grant_dead",
            "misconfigured" => "client_misconfigured",
            "transient" | "rate_limited" => "provider_unavailable",
            "ambiguous" if is_code => "provider_misbehaved",
            "ambiguous" => "reauthorize",
            other => panic!("{other}"),
        };
        assert_eq!(code(done.results.last().unwrap()), expected, "{case:?}");
    }
}

#[test]
fn the_worker_reads_a_token_response_in_all_its_spellings() {
    let exchange = |content_type: &str, body: &str| {
        json!({
            "respond": [{ "content_type": content_type, "body": body }],
            "send": { "op": "exchange", "code": "c", "verifier": "v", "nonce": "n" },
        })
    };
    let runs = token_response::CASES.iter().map(|case| Run {
        reuse: Reuse::Strict,
        steps: vec![
            exchange(case.content_type, case.body),
            step(&[], "token"),
            json!({ "evaluate": "grant.refreshToken" }),
        ],
    });
    for (case, done) in token_response::CASES.iter().zip(run(runs.collect())) {
        let view = &done.results[1]["ok"];
        assert_eq!(view["token_type"], case.token_type, "{case:?}");
        let life = view["expires_at"].as_u64();
        let life = life.map(|end| (end - view["obtained_at"].as_u64().unwrap()) / 1000);
        assert_eq!(life, case.expires_in, "{case:?}");
        let asked: &[&str] = &["openid"];
        let scopes = if case.scopes.is_empty() {
            asked
        } else {
            case.scopes
        };
        assert_eq!(view["scopes"], json!(scopes), "{case:?}");
        assert_eq!(done.results[2], json!(case.refresh_token), "{case:?}");
        let extras: Vec<_> = view["extras"].as_object().unwrap().keys().collect();
        assert_eq!(extras, case.extras, "{case:?}");
    }
    let runs = token_response::UNREADABLE.iter().map(|body| Run {
        reuse: Reuse::Strict,
        steps: vec![exchange("application/json", body)],
    });
    for (body, done) in token_response::UNREADABLE.iter().zip(run(runs.collect())) {
        assert_eq!(code(&done.results[0]), "provider_misbehaved", "{body}");
    }
}

#[test]
fn the_worker_decides_as_every_client_decides() {
    let milliseconds = |duration: Duration| duration.as_millis() as u64;
    let steps = refresh_policy::CASES.iter().map(|(state, freshness, _)| {
        let state = json!({
            "has_access_token": state.has_access_token,
            "remaining": state.remaining.map(milliseconds),
            "refresh_ahead": milliseconds(state.refresh_ahead),
            "has_refresh_token": state.has_refresh_token,
            "may_present": state.may_present,
        });
        let not_expiring_soon = *freshness == Freshness::NotExpiringSoon;
        json!({ "evaluate": format!("decide({state}, {not_expiring_soon})") })
    });
    let reuse = Reuse::Strict;
    let steps = steps.collect();
    let done = run(vec![Run { reuse, steps }]).remove(0);
    for ((state, freshness, decision), found) in refresh_policy::CASES.iter().zip(done.results) {
        let expected = match decision {
            Decision::Serve => "serve",
            Decision::ServeAndRefresh => "serve_and_refresh",
            Decision::Refresh => "refresh",
            Decision::Refuse(Refusal::NoRefreshToken) => "no_refresh_token",
            Decision::Refuse(Refusal::Reauthorize) => "reauthorize",
        };
        assert_eq!(found, expected, "{state:?} {freshness:?}");
    }
}

#[test]
fn the_worker_refreshes_as_early_as_every_client_does() {
    let lifetimes = refresh_policy::WINDOWS
        .iter()
        .map(|(_, lifetime, ..)| *lifetime);
    let cases: Vec<_> = lifetimes
        .flat_map(|lifetime| (0..SPREAD_STEPS).map(move |spread| (lifetime, spread)))
        .collect();
    let steps = cases.iter().map(|(lifetime, spread)| {
        json!({ "evaluate": format!("refreshWindow({}, {spread})", lifetime * 1000) })
    });
    let reuse = Reuse::Strict;
    let steps = steps.collect();
    let done = run(vec![Run { reuse, steps }]).remove(0);
    for ((lifetime, spread), found) in cases.into_iter().zip(done.results) {
        let window = RefreshAhead::STANDARD.window(Duration::from_secs(lifetime), spread);
        let difference = window.as_secs_f64() * 1000.0 - found.as_f64().unwrap();
        assert!(difference.abs() < 0.01, "{lifetime} {spread} {found}");
    }
}

#[test]
fn the_worker_spreads_refreshes_as_every_client_does() {
    let grants: Vec<_> = (0..50_u64)
        .map(|n| (format!("grant-{n}-é"), n * 7))
        .collect();
    let steps = grants.iter().map(
        |(id, serial)| json!({ "evaluate": format!("spread({id:?}, {serial}) % {SPREAD_STEPS}") }),
    );
    let reuse = Reuse::Strict;
    let steps = steps.collect();
    let done = run(vec![Run { reuse, steps }]).remove(0);
    for ((id, serial), found) in grants.iter().zip(done.results) {
        assert_eq!(found, spread(id, *serial) % SPREAD_STEPS, "{id} {serial}");
    }
}

#[test]
fn the_worker_presents_a_refresh_token_again_as_every_client_does() {
    let cases = refresh_policy::retries();
    let steps = cases.iter().map(|(outcome, reuse, _)| {
        let retry_after = match outcome {
            Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
                retry_after.map(|wait| wait.as_secs())
            }
            _ => None,
        };
        let outcome = json!({ "name": outcome.name(), "retryAfter": retry_after });
        let reuse = match reuse {
            Reuse::Reusable => "reusable",
            Reuse::Grace(_) => "grace",
            Reuse::Strict => "strict",
        };
        json!({ "evaluate": format!("retryWait({outcome}, {reuse:?}, 0)") })
    });
    let reuse = Reuse::Strict;
    let steps = steps.collect();
    let done = run(vec![Run { reuse, steps }]).remove(0);
    for ((outcome, reuse, wait), found) in cases.iter().zip(done.results) {
        let expected = wait.map(|wait| wait.as_millis() as u64);
        assert_eq!(found, json!(expected), "{outcome:?} {reuse:?}");
    }
}

#[test]
fn the_worker_shows_of_a_parameter_what_every_client_shows() {
    let body: Value = redaction::CASES
        .iter()
        .map(|case| (case.name.to_owned(), Value::from("v-secret")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let userinfo = json!({ "body": body.to_string() });
    let reuse = Reuse::Strict;
    let steps = vec![sign_in(), step(&[userinfo], "profile")];
    let done = run(vec![Run { reuse, steps }]).remove(0);
    let exchanges = done.results[1]["exchanges"].as_array().unwrap();
    let received = exchanges.last().unwrap()["received"].as_array().unwrap();
    assert_eq!(received.len(), redaction::CASES.len());
    for case in redaction::CASES {
        let found = received.iter().find(|found| found["name"] == case.name);
        let found = &found.unwrap()["value"];
        match case.fingerprint {
            Some(kind) => {
                let expected = confidant_browser::fingerprint(kind, "v-secret").to_string();
                assert_eq!(found["token"], expected, "{}", case.name);
            }
            None if case.shown => assert_eq!(found["text"], "v-secret", "{}", case.name),
            None => assert_eq!(*found, "secret", "{}", case.name),
        }
    }
}
