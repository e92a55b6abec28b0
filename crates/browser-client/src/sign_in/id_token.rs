//! The ID token (OpenID Connect Core 1.0, section 2). It comes from the token
//! endpoint itself over TLS, so the client need not check its signature
//! (section 3.1.3.7, item 6).

use crate::{Error, digest::from_base64url, error::catalog::bad_id_token};
use confidant_wire::Claims;
use serde_json::Value;

/// What the ID token must contain.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    /// The nonce of the sign-in.
    pub(crate) nonce: &'a str,
    /// The time in Unix seconds by the provider's own clock, if the page may read
    /// that. This browser's clock may be wrong and proves nothing.
    pub(crate) now: Option<u64>,
}

/// How much the clocks of servers may differ, in seconds.
const TOLERANCE: u64 = 60;

/// Returns the claims of an ID token for this sign-in.
///
/// # Errors
/// If it is unreadable or does not match.
pub(crate) fn read(token: &str, expected: &Expected<'_>) -> Result<Claims, Error> {
    let claims = payload(token).ok_or_else(|| bad_id_token("cannot be read"))?;
    check(&claims, expected)?;
    Ok(claims)
}

/// Checks that the claims are for this sign-in.
///
/// # Errors
/// If they do not match.
pub(crate) fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), Error> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err(bad_id_token("comes from another issuer"));
    }
    let is_for_client = match claims.get("aud") {
        Some(Value::String(audience)) => audience == expected.client_id,
        Some(Value::Array(all)) => all.iter().any(|one| one == expected.client_id),
        _ => false,
    };
    if !is_for_client || text("azp").is_some_and(|party| party != expected.client_id) {
        return Err(bad_id_token("is for another client"));
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(bad_id_token("is about another sign-in"));
    }
    if text("sub").is_none_or(str::is_empty) {
        return Err(bad_id_token("names no user"));
    }
    let end = claims.get("exp").and_then(Value::as_u64);
    match (end, expected.now) {
        (None, _) => Err(bad_id_token("has no expiry")),
        (Some(end), Some(now)) if end.saturating_add(TOLERANCE) < now => {
            Err(bad_id_token("has expired"))
        }
        _ => Ok(()),
    }
}

/// Returns the name to greet the user with.
pub(crate) fn name(claims: &Claims) -> &str {
    ["name", "preferred_username", "email", "sub"]
        .into_iter()
        .filter_map(|claim| claims.get(claim).and_then(Value::as_str))
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}

fn payload(token: &str) -> Option<Claims> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    serde_json::from_slice(&from_base64url(payload)?).ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::digest::base64url;
    use serde_json::json;

    pub(crate) fn token(claims: &Value) -> String {
        format!("e30.{}.c2ln", base64url(claims.to_string()))
    }

    fn outcome(change: &[(&str, Value)], now: Option<u64>) -> Result<String, String> {
        let mut claims = json!({
            "iss": "http://op.test", "aud": "spa", "sub": "1", "nonce": "n", "exp": 1000,
        });
        for (name, value) in change {
            claims[name] = value.clone();
        }
        let expected = Expected {
            issuer: "http://op.test",
            client_id: "spa",
            nonce: "n",
            now,
        };
        read(&token(&claims), &expected)
            .map(|claims| name(&claims).to_owned())
            .map_err(|error| error.message)
    }

    #[test]
    fn the_user_s_name_comes_from_the_claims() {
        assert_eq!(outcome(&[], None), Ok("1".into()));
        let named = [("name", json!("Ada")), ("aud", json!(["x", "spa"]))];
        assert_eq!(outcome(&named, None), Ok("Ada".into()));
    }

    #[test]
    fn a_token_that_does_not_match_is_refused() {
        for (claim, value) in [
            ("iss", json!("http://evil.test")),
            ("aud", json!("other")),
            ("aud", json!(["other"])),
            ("aud", json!(null)),
            ("azp", json!("other")),
            ("nonce", json!("m")),
            ("nonce", json!(null)),
            ("sub", json!("")),
            ("exp", json!("soon")),
        ] {
            assert!(
                outcome(&[(claim, value.clone())], None).is_err(),
                "{claim} {value}"
            );
        }
        for garbage in ["", "a.b", "a.!.c", "a.e30.c"] {
            let expected = Expected {
                issuer: "",
                client_id: "",
                nonce: "n",
                now: None,
            };
            assert!(read(garbage, &expected).is_err(), "{garbage}");
        }
    }

    #[test]
    fn only_the_provider_s_own_clock_says_that_it_has_expired() {
        assert!(outcome(&[], None).is_ok());
        assert!(outcome(&[], Some(1000 + TOLERANCE)).is_ok());
        assert!(outcome(&[], Some(1001 + TOLERANCE)).is_err());
    }
}
