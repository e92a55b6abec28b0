//! Every profile, in its provider's words: those without public clients as well,
//! because a configuration may combine their differences.

use crate::{Done, code, run_with, settings, step};
use confidant_browser::{ProviderProfile, Reuse, Settings};
use confidant_protocol::cases::profiles::{ALL, Answer, CodeRefusal, ProfileCases, Tokens};
use serde_json::{Value, json};

fn response(answer: Answer) -> Value {
    json!({
        "status": answer.status, "content_type": answer.content_type, "body": answer.body,
    })
}

fn sign_in(answer: Answer) -> Value {
    json!({
        "respond": [response(answer)],
        "send": { "op": "exchange", "code": "c", "verifier": "v", "nonce": "n" },
    })
}

/// Runs fresh workers with these steps for each of the profiles. Returns what
/// came of each.
fn run_each(runs: impl Fn(&ProfileCases) -> Vec<Vec<Value>>) -> Vec<(ProfileCases, Done)> {
    let mut profiles = Vec::new();
    let mut all = Vec::new();
    // Public clients have refresh tokens only.
    for cases in ALL.iter().filter(|cases| cases.profile != "facebook") {
        let settings = Settings {
            scopes: ["b", "c"].map(Into::into).into(),
            profile: ProviderProfile::by_id(cases.profile).unwrap(),
            ..settings(Reuse::Strict)
        };
        for steps in runs(cases) {
            profiles.push(*cases);
            all.push((settings.clone(), steps));
        }
    }
    profiles.into_iter().zip(run_with(all)).collect()
}

fn assert_tokens(profile: &str, view: &Value, grant: &Value, expected: &Tokens) {
    assert_eq!(grant["accessToken"], expected.access_token, "{profile}");
    assert_eq!(
        grant["refreshToken"],
        json!(expected.refresh_token),
        "{profile}"
    );
    let view = &view["ok"];
    assert_eq!(view["token_type"], expected.token_type, "{profile}");
    assert_eq!(view["scopes"], json!(expected.scopes), "{profile}");
    let end = view["expires_at"].as_u64();
    let lifetime = end.map(|end| (end - view["obtained_at"].as_u64().unwrap()) / 1000);
    assert_eq!(lifetime, expected.lifetime, "{profile}");
    let extras: Vec<_> = view["extras"].as_object().unwrap().keys().collect();
    assert_eq!(extras, expected.extras, "{profile}");
}

#[test]
fn the_worker_reads_every_providers_token_responses() {
    type Pick = fn(&ProfileCases) -> (Answer, Tokens);
    let picks: [Pick; 3] = [
        |cases| cases.refresh,
        |cases| cases.other_refresh,
        |cases| cases.odd_refresh,
    ];
    for pick in picks {
        let done = run_each(|cases| {
            vec![vec![
                sign_in(cases.code_exchange.0),
                step(&[], "token"),
                json!({ "evaluate": "grant" }),
                step(&[response(pick(cases).0)], "refresh"),
                step(&[], "token"),
                json!({ "evaluate": "grant" }),
            ]]
        });
        for (cases, done) in done {
            let results = &done.results;
            let (profile, first) = (cases.profile, &cases.code_exchange.1);
            assert_tokens(profile, &results[1], &results[2], first);
            assert_tokens(profile, &results[4], &results[5], &pick(&cases).1);
            let body = done.requests[1]["body"].as_str().unwrap();
            let repeats = body.contains("redirect_uri=");
            let expected = cases.refresh_request.iter();
            let expected = expected.clone().any(|(name, _)| *name == "redirect_uri");
            assert_eq!(repeats, expected, "{profile}: {body}");
        }
    }
}

#[test]
fn the_worker_understands_every_providers_refusals() {
    type Pick = fn(&ProfileCases) -> Vec<Answer>;
    let refusals: [(Pick, &str); 5] = [
        (|cases| cases.dead.to_vec(), "grant_dead"),
        (|cases| vec![cases.misconfigured], "client_misconfigured"),
        (|cases| vec![cases.rate_limited], "provider_unavailable"),
        (|cases| vec![cases.outage], "provider_unavailable"),
        (|cases| vec![cases.unknown_outcome], "unknown"),
    ];
    for (pick, expected) in refusals {
        let done = run_each(|cases| {
            let of_one = |answer: Answer| {
                // The worker asks again where that is harmless.
                let answers = [response(answer), response(answer)];
                vec![sign_in(cases.code_exchange.0), step(&answers, "refresh")]
            };
            pick(cases).into_iter().map(of_one).collect()
        });
        for (cases, done) in done {
            let reuse = ProviderProfile::by_id(cases.profile).unwrap().reuse;
            let expected = match (expected, reuse) {
                ("unknown", Reuse::Reusable) => "provider_misbehaved",
                ("unknown", _) => "reauthorize",
                (expected, _) => expected,
            };
            let refused = &done.results[1];
            assert_eq!(code(refused), expected, "{}: {refused}", cases.profile);
        }
    }
}

#[test]
fn the_worker_understands_every_providers_refusal_of_a_code() {
    let done = run_each(|cases| vec![vec![sign_in(cases.code_refused.0)]]);
    for (cases, done) in done {
        let expected = match cases.code_refused.1 {
            CodeRefusal::Code => "code_refused",
            CodeRefusal::Client => "client_misconfigured",
        };
        assert_eq!(code(&done.results[0]), expected, "{}", cases.profile);
    }
}

#[test]
fn the_worker_reads_a_lifetime_that_the_profile_states_and_an_error_number() {
    let profile = ProviderProfile {
        default_lifetime: Some(60),
        token_errors: ProviderProfile::by_id("facebook").unwrap().token_errors,
        ..ProviderProfile::generic()
    };
    let settings = Settings {
        profile,
        ..settings(Reuse::Strict)
    };
    let token = json!({ "body": r#"{"access_token":"a1","refresh_token":"r1","expires_in":0}"# });
    let dead = json!({ "status": 400, "body": r#"{"error":{"code":190,"message":"a1"}}"# });
    let sign_in = json!({
        "respond": [token],
        "send": { "op": "exchange", "code": "c", "verifier": "v", "nonce": "n" },
    });
    let steps = vec![
        sign_in,
        json!({ "evaluate": "grant.lifetime" }),
        step(&[dead], "refresh"),
    ];
    let done = run_with(vec![(settings, steps)]).remove(0);
    assert_eq!(done.results[1], 60_000);
    assert_eq!(code(&done.results[2]), "grant_dead");
}
