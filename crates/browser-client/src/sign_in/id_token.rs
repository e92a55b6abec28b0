//! The ID token (OpenID Connect Core 1.0, section 2). It comes from the token
//! endpoint itself over TLS, so the client need not check its signature
//! (section 3.1.3.7, item 6).

use crate::{Error, digest::from_base64url, error::catalog::bad_id_token, settings::Settings};
use confidant_protocol::id_token::{self, Expected, Nonce, names};
use confidant_wire::Claims;

/// Returns the claims of an ID token.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn read(token: &str) -> Result<Claims, Error> {
    payload(token).ok_or_else(|| bad_id_token("cannot be read"))
}

/// Checks that the claims are for the sign-in with this nonce. `now` is the time
/// in Unix seconds by the provider's own clock, if the page may read that: this
/// browser's clock may be wrong and proves nothing.
///
/// # Errors
/// If they do not match.
pub(crate) fn check(
    claims: &Claims,
    settings: &Settings,
    nonce: &str,
    now: Option<u64>,
) -> Result<(), Error> {
    let is_openid = settings.scopes.iter().any(|scope| scope == "openid");
    let expected = Expected {
        issuers: std::slice::from_ref(&settings.issuer),
        client_id: &settings.client_id,
        trusted_audiences: &[],
        // Without the scope `openid`, a provider need not repeat the nonce.
        nonce: if is_openid {
            Nonce::Required(nonce)
        } else {
            Nonce::Optional(nonce)
        },
        access_token_hash: None,
        max_age: None,
        now,
        leeway: id_token::DEFAULT_LEEWAY,
    };
    let checked = id_token::check(claims, &expected);
    checked.map_err(|error| bad_id_token(&format!("is not valid: {error}")))
}

/// Whether an ID token that a refresh brought names this user (OpenID Connect
/// Core 1.0, section 12.2). Without an ID token, or without a user, there is
/// nothing to compare.
pub(crate) fn is_about(token: Option<&str>, subject: &str) -> bool {
    let claims = token.map(|token| payload(token).unwrap_or_default());
    subject.is_empty() || claims.is_none_or(|claims| names::subject(&claims) == Some(subject))
}

/// Returns the name to greet the user with.
pub(crate) fn name(claims: &Claims) -> &str {
    names::display_name(claims)
        .or_else(|| names::subject(claims))
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
    use crate::{digest::base64url, testing::settings};
    use confidant_protocol::cases::id_token::{CASES, CLIENT_ID, ISSUER, NONCE, NOW, claims};
    use serde_json::{Value, json};

    pub(crate) fn token(claims: &Value) -> String {
        format!("e30.{}.c2ln", base64url(claims.to_string()))
    }

    fn at(now: Option<u64>, changes: &str) -> Result<(), String> {
        let settings = Settings {
            issuer: ISSUER.into(),
            client_id: CLIENT_ID.into(),
            ..settings()
        };
        let claims = read(&token(&json!(claims(changes)))).unwrap();
        check(&claims, &settings, NONCE, now).map_err(|error| error.message)
    }

    #[test]
    fn every_token_of_the_contract_is_accepted_or_refused() {
        for case in CASES {
            // The browser's client does not compute the hash.
            if case.refused_for == Some("at_hash") {
                continue;
            }
            let found = at(Some(NOW), case.changes);
            match case.refused_for {
                None => assert_eq!(found, Ok(()), "{case:?}"),
                Some(claim) => assert!(found.unwrap_err().contains(claim), "{case:?}"),
            }
        }
    }

    #[test]
    fn only_the_provider_s_own_clock_says_that_it_has_expired() {
        assert_eq!(at(None, r#"{"exp": 1}"#), Ok(()));
        assert!(at(Some(NOW), r#"{"exp": 1}"#).is_err());
    }

    #[test]
    fn a_token_that_cannot_be_read_is_refused() {
        for garbage in ["", "a.b", "a.!.c", "a.bm8.c"] {
            assert!(read(garbage).is_err(), "{garbage}");
        }
    }

    #[test]
    fn the_user_s_name_comes_from_the_claims() {
        assert_eq!(name(&claims("{}")), "ann");
        assert_eq!(name(&claims(r#"{"name": "Ada"}"#)), "Ada");
        let empty = r#"{"name": "", "preferred_username": "ada"}"#;
        assert_eq!(name(&claims(empty)), "ada");
    }

    #[test]
    fn s11_a_refreshed_token_is_about_the_same_user() {
        let other = token(&json!({ "sub": "mallory" }));
        let same = token(&json!({ "sub": "ann" }));
        assert!(is_about(None, "ann"));
        assert!(is_about(Some(&same), "ann"));
        assert!(is_about(Some(&same), ""));
        assert!(!is_about(Some(&other), "ann"));
        assert!(!is_about(Some("garbage"), "ann"));
    }
}
