//! The worker's script: its settings, the tables and messages that it shares
//! with the other clients, and its code.

use crate::{
    Error,
    digest::fingerprint,
    error::{
        ErrorKind,
        catalog::{
            ambiguous, bad_id_token, bad_metadata, busy, dead, misconfigured, not_offered,
            not_signed_in, refreshed_for_other_user, refused, unexpected_status, unreadable,
            worker_unavailable,
        },
    },
    settings::Settings,
};
use confidant_protocol::{
    Ambiguity, Reuse, redaction,
    refresh_policy::{RefreshAhead, Refusal, RetryPolicy, SPREAD_STEPS},
    token_error,
};
use confidant_wire::SECRET_WORDS;
use serde_json::{Map, Value, json};

/// The worker's code, in the order in which it is evaluated.
const CODE: [&str; 5] = [
    include_str!("../../assets/service-worker/exchange-log.js"),
    include_str!("../../assets/service-worker/token-endpoint.js"),
    include_str!("../../assets/service-worker/refresh.js"),
    include_str!("../../assets/service-worker/operations.js"),
    include_str!("../../assets/service-worker/events.js"),
];

/// Returns the script to serve to browsers as `text/javascript`. The settings
/// are part of it, because a page may run a hostile script that would send
/// others.
///
/// A worker has the content security policy of its own response: it needs
/// `connect-src` for the provider and the APIs.
pub fn service_worker(settings: &Settings) -> String {
    let constants = [
        ("SETTINGS", settings_table(settings)),
        ("PROTOCOL", protocol_table()),
        ("ERRORS", error_table()),
    ];
    let constants = constants.map(|(name, value)| format!("const {name} = {value};\n"));
    format!(
        "\"use strict\";\n{}\n{}",
        constants.concat(),
        CODE.join("\n")
    )
}

fn settings_table(settings: &Settings) -> Value {
    let apis: Vec<_> = settings.apis.iter().map(|api| api.as_str()).collect();
    json!({
        "issuer": settings.issuer,
        "client_id": settings.client_id,
        "redirect_uri": settings.redirect_uri,
        "scopes": settings.scopes,
        "apis": apis,
        "profile": settings.profile,
        "reuse": match settings.profile.reuse {
            Reuse::Reusable => "reusable",
            Reuse::Grace(_) => "grace",
            Reuse::Strict => "strict",
        },
    })
}

/// Returns what the worker takes from `confidant-protocol` and
/// `confidant-wire`.
fn protocol_table() -> Value {
    let prefixes: Map<_, _> = redaction::FINGERPRINTED
        .iter()
        .map(|(name, kind)| {
            let example = fingerprint(*kind, "").to_string();
            let prefix = example.split('·').next().unwrap_or_default();
            ((*name).to_owned(), prefix.into())
        })
        .collect();
    json!({
        "unspecified": token_error::UNSPECIFIED,
        "max_code_length": token_error::MAX_CODE_LENGTH,
        "refresh_ahead": RefreshAhead::STANDARD,
        "spread_steps": SPREAD_STEPS,
        "retry": RetryPolicy::STANDARD,
        "shown": redaction::SHOWN,
        "max_shown": redaction::MAX_SHOWN,
        "fingerprinted": prefixes,
        "secret_words": SECRET_WORDS,
    })
}

/// Returns the worker's errors by name. `{code}` stands for an error code or a
/// status.
fn error_table() -> Value {
    let code = "{code}";
    let errors: [(&str, Error); 20] = [
        ("not_signed_in", not_signed_in()),
        ("not_offered", not_offered()),
        ("dead_grant", dead(ErrorKind::GrantDead, code)),
        ("dead_code", dead(ErrorKind::CodeRefused, code)),
        ("refreshed_for_other_user", refreshed_for_other_user()),
        ("misconfigured", misconfigured(code)),
        ("busy", busy(None)),
        ("status", unexpected_status(code)),
        ("no_refresh_token", refused(Refusal::NoRefreshToken)),
        ("reauthorize", refused(Refusal::Reauthorize)),
        ("no_response", ambiguous(Ambiguity::NoResponse)),
        ("timed_out", ambiguous(Ambiguity::TimedOut)),
        ("cut_short", ambiguous(Ambiguity::CutShort)),
        ("unreadable", ambiguous(Ambiguity::Unreadable)),
        ("server_error", ambiguous(Ambiguity::ServerError(500))),
        ("other_issuer", bad_metadata("are those of another issuer")),
        (
            "bad_id_token",
            bad_id_token("cannot be read, or is about another sign-in"),
        ),
        ("unreadable_validation", unreadable("the token")),
        (
            "unknown_operation",
            worker_unavailable("The worker does not know this operation."),
        ),
        ("worker_failed", worker_unavailable("The worker failed.")),
    ];
    let entries = errors.into_iter().map(|(name, error)| {
        let entry = json!({ "code": error.code(), "message": error.message });
        (name.to_owned(), entry)
    });
    Value::Object(entries.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::settings;

    #[test]
    fn the_settings_cannot_break_out_of_their_constant() {
        let mut settings = settings();
        settings.client_id = "a\"};\n//".into();
        let script = service_worker(&settings);
        let json = script
            .lines()
            .find_map(|line| line.strip_prefix("const SETTINGS = ")?.strip_suffix(';'))
            .unwrap();
        let read: Value = serde_json::from_str(json).unwrap();
        assert_eq!(read["client_id"], settings.client_id);
        assert!(script.ends_with(CODE[4]));
    }

    #[test]
    fn the_worker_keeps_tokens_in_memory_only() {
        let code = CODE.concat();
        for storage in ["indexedDB", "localStorage", "caches.", "console."] {
            assert!(!code.contains(storage), "{storage}");
        }
    }

    #[test]
    fn every_error_that_the_code_names_is_in_the_table() {
        let table = error_table();
        let code = CODE.concat();
        let named = code
            .split("new Failure(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for name in named {
            assert!(table[name].is_object(), "{name}");
        }
    }
}
