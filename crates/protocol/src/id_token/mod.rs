//! The claims of an ID token (OpenID Connect Core 1.0, sections 2, 3.1.3.7 and
//! 12.2). The caller verifies the signature where that is needed.
//!
//! What protects is strict: issuer, audience, nonce, expiry, subject, and the
//! hash of the access token. A claim that is not used may have any type.
//!
//! - [`names`]: the subject and the name to display
//! - [`tenants`]: the issuers of a provider with several tenants

pub mod names;
pub mod tenants;

use crate::log_text::log_text;
use confidant_wire::Claims;
use serde_json::Value;
use std::{fmt, time::Duration};

/// How much the clocks of servers may differ, unless a setting says otherwise.
pub const DEFAULT_LEEWAY: Duration = Duration::from_secs(60);

/// What the claims must match.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The accepted issuer identifiers: one, or one for each accepted tenant.
    pub issuers: &'a [String],
    /// The client that the token must be for.
    pub client_id: &'a str,
    /// Audiences that may stand beside the client.
    pub trusted_audiences: &'a [String],
    /// The nonce of the authorization request.
    pub nonce: Nonce<'a>,
    /// The hash of the access token that came with the ID token (section
    /// 3.1.3.6), if the caller can compute it.
    pub access_token_hash: Option<&'a str>,
    /// The `max_age` of the authorization request: how long ago, in seconds, the
    /// user may have authenticated (section 3.1.2.1).
    pub max_age: Option<u64>,
    /// The time in Unix seconds, by a clock that can be trusted. Without one,
    /// no time is checked.
    pub now: Option<u64>,
    /// How far the clocks may differ.
    pub leeway: Duration,
}

/// The nonce that the token must repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nonce<'a> {
    /// None was sent, so nothing can be demanded.
    NotSent,
    /// This one was sent, and the token must repeat it.
    Required(&'a str),
    /// This one was sent to a provider that may leave it out. PKCE protects the
    /// code. A token with another nonce is refused all the same.
    Optional(&'a str),
}

/// Why an ID token is not accepted. Values of the token are escaped and
/// bounded, so that the text can be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidIdToken {
    /// A claim is missing or has the wrong type.
    Missing(&'static str),
    /// A claim has another value than expected.
    Mismatch {
        /// The claim.
        claim: &'static str,
        /// Its value.
        found: String,
    },
    /// The token has expired.
    Expired {
        /// The time of expiry in Unix seconds.
        exp: u64,
    },
    /// The token was issued in the future.
    IssuedInFuture {
        /// The time of issue in Unix seconds.
        iat: u64,
    },
}

/// Checks that the claims are for this sign-in.
///
/// # Errors
/// If they do not match.
pub fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), InvalidIdToken> {
    let issuer = text(claims, "iss").ok_or(InvalidIdToken::Missing("iss"))?;
    if !expected.issuers.iter().any(|accepted| accepted == issuer) {
        return Err(mismatch("iss", claims));
    }
    check_audience(claims, expected)?;
    check_nonce(claims, expected.nonce)?;
    names::subject(claims).ok_or(InvalidIdToken::Missing("sub"))?;
    check_times(claims, expected)?;
    match (claims.get("at_hash"), expected.access_token_hash) {
        (Some(found), Some(hash)) if found != hash => Err(mismatch("at_hash", claims)),
        _ => Ok(()),
    }
}

/// Checks the claims of an ID token that a refresh brought against those of the
/// one before (section 12.2): the same issuer, the same user, for this client.
///
/// # Errors
/// If they do not match.
pub fn check_refreshed(
    claims: &Claims,
    before: &Claims,
    client_id: &str,
) -> Result<(), InvalidIdToken> {
    for claim in ["iss", "sub"] {
        if text(claims, claim).is_none() {
            return Err(InvalidIdToken::Missing(claim));
        }
        if claims.get(claim) != before.get(claim) {
            return Err(mismatch(claim, claims));
        }
    }
    if !audiences(claims).contains(&client_id) {
        return Err(mismatch("aud", claims));
    }
    Ok(())
}

/// Checks audience and authorized party. The token must be for this client.
/// Further audiences are accepted if the token names this client as the
/// authorized party, or if all of them are trusted.
fn check_audience(claims: &Claims, expected: &Expected<'_>) -> Result<(), InvalidIdToken> {
    let audiences = audiences(claims);
    if !audiences.contains(&expected.client_id) {
        return Err(mismatch("aud", claims));
    }
    match claims.get("azp") {
        None | Some(Value::Null) => {
            let is_known = |audience: &&str| {
                *audience == expected.client_id
                    || expected.trusted_audiences.iter().any(|one| one == audience)
            };
            let all_known = audiences.iter().all(is_known);
            all_known
                .then_some(())
                .ok_or_else(|| mismatch("aud", claims))
        }
        Some(party) if party == expected.client_id => Ok(()),
        Some(_) => Err(mismatch("azp", claims)),
    }
}

fn check_nonce(claims: &Claims, nonce: Nonce<'_>) -> Result<(), InvalidIdToken> {
    match (claims.get("nonce"), nonce) {
        (_, Nonce::NotSent) | (None, Nonce::Optional(_)) => Ok(()),
        (None, Nonce::Required(_)) => Err(InvalidIdToken::Missing("nonce")),
        (Some(found), Nonce::Required(sent) | Nonce::Optional(sent)) if found == sent => Ok(()),
        // Not the value: it may be that of another sign-in.
        (Some(_), _) => Err(InvalidIdToken::Mismatch {
            claim: "nonce",
            found: "that of another sign-in".to_owned(),
        }),
    }
}

fn check_times(claims: &Claims, expected: &Expected<'_>) -> Result<(), InvalidIdToken> {
    let exp = seconds(claims, "exp").ok_or(InvalidIdToken::Missing("exp"))?;
    let iat = seconds(claims, "iat");
    if iat.is_none() && claims.contains_key("iat") {
        return Err(InvalidIdToken::Missing("iat"));
    }
    let Some(now) = expected.now else {
        return Ok(());
    };
    let leeway = expected.leeway.as_secs();
    if let Some(max_age) = expected.max_age {
        let at = seconds(claims, "auth_time").ok_or(InvalidIdToken::Missing("auth_time"))?;
        if at.saturating_add(max_age).saturating_add(leeway) < now {
            return Err(mismatch("auth_time", claims));
        }
    }
    match iat {
        _ if exp.saturating_add(leeway) < now => Err(InvalidIdToken::Expired { exp }),
        Some(iat) if iat > now.saturating_add(leeway) => {
            Err(InvalidIdToken::IssuedInFuture { iat })
        }
        _ => Ok(()),
    }
}

fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    let text = claims.get(name).and_then(Value::as_str)?;
    (!text.is_empty()).then_some(text)
}

fn audiences(claims: &Claims) -> Vec<&str> {
    match claims.get("aud") {
        Some(Value::String(audience)) => vec![audience],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns a time in whole seconds. A `NumericDate` may have a fraction
/// (RFC 7519, section 2).
fn seconds(claims: &Claims, name: &str) -> Option<u64> {
    let number = claims.get(name)?;
    number.as_u64().or_else(|| {
        let seconds = number.as_f64().filter(|seconds| *seconds >= 0.0)?;
        // Rounded towards zero; values beyond `u64` become its largest.
        Some(seconds as u64)
    })
}

fn mismatch(claim: &'static str, claims: &Claims) -> InvalidIdToken {
    let found = match claims.get(claim) {
        Some(value) => log_text(&value.to_string()),
        None => return InvalidIdToken::Missing(claim),
    };
    InvalidIdToken::Mismatch { claim, found }
}

impl fmt::Display for InvalidIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(claim) => write!(f, "the claim {claim} is missing or malformed"),
            Self::Mismatch { claim, found } => {
                write!(f, "the claim {claim} is not the expected one: {found}")
            }
            Self::Expired { exp } => write!(f, "it expired at {exp}"),
            Self::IssuedInFuture { iat } => write!(f, "it was issued in the future, at {iat}"),
        }
    }
}

impl std::error::Error for InvalidIdToken {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::id_token::{
        CASES, CLIENT_ID, ISSUER, NONCE, NOW, TRUSTED, claims, refreshed,
    };

    fn expected(issuers: &[String]) -> Expected<'_> {
        Expected {
            issuers,
            client_id: CLIENT_ID,
            trusted_audiences: &[],
            nonce: Nonce::Required(NONCE),
            access_token_hash: Some("hash"),
            max_age: None,
            now: Some(NOW),
            leeway: DEFAULT_LEEWAY,
        }
    }

    #[test]
    fn every_token_of_the_contract_is_accepted_or_refused() {
        let issuers = [ISSUER.to_owned()];
        for case in CASES {
            let found = check(&claims(case.changes), &expected(&issuers));
            match case.refused_for {
                None => assert_eq!(found, Ok(()), "{case:?}"),
                Some(claim) => {
                    let error = found.expect_err(case.changes).to_string();
                    assert!(error.contains(claim), "{case:?}: {error}");
                }
            }
        }
    }

    #[test]
    fn b03_a_trusted_audience_needs_no_authorized_party() {
        let (issuers, trusted) = ([ISSUER.to_owned()], [TRUSTED.to_owned()]);
        let expected = Expected {
            trusted_audiences: &trusted,
            ..expected(&issuers)
        };
        let check = |changes: &str| check(&claims(changes), &expected);
        assert_eq!(check(r#"{"aud": ["client", "trusted"]}"#), Ok(()));
        assert!(check(r#"{"aud": ["client", "trusted", "other"]}"#).is_err());
        assert!(check(r#"{"aud": ["trusted"]}"#).is_err());
    }

    #[test]
    fn b13_a_nonce_is_demanded_only_if_it_was_sent() {
        let issuers = [ISSUER.to_owned()];
        let check = |nonce, changes: &str| {
            let expected = Expected {
                nonce,
                ..expected(&issuers)
            };
            check(&claims(changes), &expected).is_ok()
        };
        for (changes, required, optional, not_sent) in [
            ("{}", true, true, true),
            (r#"{"nonce": "other"}"#, false, false, true),
            (r#"{"nonce": null}"#, false, true, true),
        ] {
            assert_eq!(
                check(Nonce::Required(NONCE), changes),
                required,
                "{changes}"
            );
            assert_eq!(
                check(Nonce::Optional(NONCE), changes),
                optional,
                "{changes}"
            );
            assert_eq!(check(Nonce::NotSent, changes), not_sent, "{changes}");
        }
    }

    #[test]
    fn without_a_clock_no_time_is_checked() {
        let issuers = [ISSUER.to_owned()];
        let expected = Expected {
            now: None,
            ..expected(&issuers)
        };
        assert_eq!(check(&claims(r#"{"exp": 1}"#), &expected), Ok(()));
        assert!(check(&claims(r#"{"exp": "soon"}"#), &expected).is_err());
    }

    #[test]
    fn the_leeway_can_be_set() {
        let issuers = [ISSUER.to_owned()];
        let strict = Expected {
            leeway: Duration::ZERO,
            ..expected(&issuers)
        };
        let changes = format!(r#"{{"exp": {}}}"#, NOW - 1);
        assert!(check(&claims(&changes), &strict).is_err());
        assert_eq!(check(&claims(&changes), &expected(&issuers)), Ok(()));
    }

    #[test]
    fn b29_a_user_who_authenticated_too_long_ago_is_refused() {
        let issuers = [ISSUER.to_owned()];
        let expected = Expected {
            max_age: Some(100),
            ..expected(&issuers)
        };
        let check = |auth_time: u64| {
            check(
                &claims(&format!(r#"{{"auth_time": {auth_time}}}"#)),
                &expected,
            )
            .is_ok()
        };
        assert!(check(NOW) && check(NOW - 160));
        assert!(!check(NOW - 161));
        assert!(super::check(&claims("{}"), &expected).is_err());
    }

    #[test]
    fn s11_a_refreshed_token_is_about_the_same_user() {
        let check = |changes: &str| check_refreshed(&refreshed(changes), &claims("{}"), CLIENT_ID);
        assert_eq!(check("{}"), Ok(()));
        for changes in [
            r#"{"sub": "mallory"}"#,
            r#"{"sub": null}"#,
            r#"{"iss": "https://other.example"}"#,
            r#"{"aud": "other"}"#,
        ] {
            assert!(check(changes).is_err(), "{changes}");
        }
    }
}
