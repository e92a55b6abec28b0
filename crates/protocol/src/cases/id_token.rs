//! The claims of ID tokens, and what each client makes of them.

use confidant_wire::Claims;
use serde_json::{Value, json};

/// The issuer of the cases.
pub const ISSUER: &str = "https://op.example";
/// The client of the cases.
pub const CLIENT_ID: &str = "client";
/// An audience that a setting may trust.
pub const TRUSTED: &str = "trusted";
/// The nonce that was sent.
pub const NONCE: &str = "n";
/// The time of the cases, in Unix seconds.
pub const NOW: u64 = 1_800_000_000;

/// One ID token, for a client that trusts no further audience.
#[derive(Debug)]
pub struct IdTokenCase {
    /// The JSON members that differ from a good token; `null` leaves one out.
    pub changes: &'static str,
    /// The claim for which the token is refused.
    pub refused_for: Option<&'static str>,
}

const fn good(changes: &'static str) -> IdTokenCase {
    IdTokenCase {
        changes,
        refused_for: None,
    }
}

const fn bad(changes: &'static str, claim: &'static str) -> IdTokenCase {
    IdTokenCase {
        changes,
        refused_for: Some(claim),
    }
}

/// Tokens of providers, odd ones and hostile ones.
pub const CASES: &[IdTokenCase] = &[
    good("{}"),
    // B02: claims that are not used, of other types than usual.
    good(r#"{"updated_at": "2026-01-02T03:04:05.678Z"}"#),
    good(r#"{"updated_at": "1700000000"}"#),
    good(r#"{"updated_at": 1700000000123}"#),
    good(r#"{"email_verified": "true", "is_private_email": "false"}"#),
    good(r#"{"address": "1 Main Street", "gender": 7, "locale": {"l": "en"}, "zoneinfo": []}"#),
    good(r#"{"auth_time": "1700000000", "amr": "pwd", "acr": 1}"#),
    good(r#"{"cognito:groups": ["a"], "identities": [{"dateCreated": "1"}], "real": true}"#),
    good(r#"{"name": 7, "preferred_username": null, "picture": {}}"#),
    // Times with a fraction (RFC 7519, section 2), and clocks that differ.
    good(r#"{"exp": 1800000100.5, "iat": 1799999999.25}"#),
    good(r#"{"iat": null}"#),
    good(r#"{"iat": 1800000060}"#),
    good(r#"{"exp": 1799999940}"#),
    bad(r#"{"exp": 1799999939}"#, "expired"),
    bad(r#"{"iat": 1800000061}"#, "future"),
    bad(r#"{"exp": null}"#, "exp"),
    bad(r#"{"exp": "1900000000"}"#, "exp"),
    bad(r#"{"exp": -1}"#, "exp"),
    bad(r#"{"iat": "soon"}"#, "iat"),
    // B03: several audiences.
    good(r#"{"aud": ["client"]}"#),
    good(r#"{"aud": ["client", "329836626744180738"], "azp": "client"}"#),
    bad(r#"{"aud": ["client", "329836626744180738"]}"#, "aud"),
    bad(r#"{"aud": ["other"]}"#, "aud"),
    bad(r#"{"aud": ["other"], "azp": "client"}"#, "aud"),
    bad(r#"{"aud": ["client", "other"], "azp": "other"}"#, "azp"),
    bad(r#"{"aud": "client", "azp": "other"}"#, "azp"),
    bad(r#"{"azp": ["client"]}"#, "azp"),
    bad(r#"{"aud": null}"#, "aud"),
    bad(r#"{"aud": []}"#, "aud"),
    bad(r#"{"aud": {"client": true}}"#, "aud"),
    bad(r#"{"aud": "CLIENT"}"#, "aud"),
    // Issuer, subject, nonce, and the hash of the access token.
    bad(r#"{"iss": "https://evil.example"}"#, "iss"),
    bad(r#"{"iss": "https://op.example/"}"#, "iss"),
    bad(r#"{"iss": null}"#, "iss"),
    bad(r#"{"iss": ["https://op.example"]}"#, "iss"),
    bad(r#"{"sub": null}"#, "sub"),
    bad(r#"{"sub": ""}"#, "sub"),
    bad(r#"{"sub": 7}"#, "sub"),
    bad(r#"{"nonce": null}"#, "nonce"),
    bad(r#"{"nonce": "m"}"#, "nonce"),
    bad(r#"{"nonce": ["n"]}"#, "nonce"),
    good(r#"{"at_hash": "hash"}"#),
    bad(r#"{"at_hash": "other"}"#, "at_hash"),
    bad(r#"{"at_hash": 7}"#, "at_hash"),
];

/// Returns the claims of a good token with these changes.
pub fn claims(changes: &str) -> Claims {
    changed(
        json!({
            "iss": ISSUER, "aud": CLIENT_ID, "sub": "ann", "nonce": NONCE,
            "iat": NOW, "exp": NOW + 300,
        }),
        changes,
    )
}

/// Returns the claims of a token that a refresh brought, with these changes.
pub fn refreshed(changes: &str) -> Claims {
    let claims = json!({"iss": ISSUER, "aud": [CLIENT_ID, TRUSTED], "sub": "ann"});
    changed(claims, changes)
}

fn changed(claims: Value, changes: &str) -> Claims {
    let mut claims = claims.as_object().cloned().unwrap_or_default();
    let changes: Claims = serde_json::from_str(changes).unwrap_or_default();
    claims.extend(changes);
    claims.retain(|_, value| !value.is_null());
    claims
}
