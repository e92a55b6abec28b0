//! States of a token, and what to do in each.

use crate::{
    Reuse,
    refresh_policy::{Decision, Freshness, Refusal, TokenState},
    token_outcome::{Ambiguity, Outcome},
};
use std::time::Duration;

/// A token that is valid for an hour, of which nothing has passed.
pub const FRESH: TokenState = TokenState {
    has_access_token: true,
    remaining: Some(Duration::from_secs(3600)),
    refresh_ahead: Duration::from_secs(300),
    has_refresh_token: true,
    may_present: true,
};

/// The same shortly before its expiry.
pub const EXPIRING: TokenState = TokenState {
    remaining: Some(Duration::from_secs(120)),
    ..FRESH
};

/// The same after its expiry.
pub const EXPIRED: TokenState = TokenState {
    remaining: Some(Duration::ZERO),
    ..FRESH
};

/// State, demand and decision.
pub const CASES: &[(TokenState, Freshness, Decision)] = &[
    (FRESH, Freshness::Valid, Decision::Serve),
    (FRESH, Freshness::NotExpiringSoon, Decision::Serve),
    (EXPIRING, Freshness::Valid, Decision::ServeAndRefresh),
    (EXPIRING, Freshness::NotExpiringSoon, Decision::Refresh),
    (EXPIRED, Freshness::Valid, Decision::Refresh),
    // No stated lifetime: used until an API refuses it.
    (
        TokenState {
            remaining: None,
            ..FRESH
        },
        Freshness::Valid,
        Decision::Serve,
    ),
    // A forced expiry, or a token that an API refused.
    (
        TokenState {
            has_access_token: false,
            ..FRESH
        },
        Freshness::Valid,
        Decision::Refresh,
    ),
    (
        TokenState {
            has_access_token: false,
            ..FRESH
        },
        Freshness::NewerThan(1),
        Decision::Refresh,
    ),
    // No refresh token.
    (
        TokenState {
            has_refresh_token: false,
            ..EXPIRING
        },
        Freshness::Valid,
        Decision::Serve,
    ),
    (
        TokenState {
            has_refresh_token: false,
            ..EXPIRED
        },
        Freshness::Valid,
        Decision::Refuse(Refusal::NoRefreshToken),
    ),
    // A lost response: the access token is used until it expires.
    (
        TokenState {
            may_present: false,
            ..EXPIRING
        },
        Freshness::Valid,
        Decision::Serve,
    ),
    (
        TokenState {
            may_present: false,
            ..EXPIRING
        },
        Freshness::NotExpiringSoon,
        Decision::Serve,
    ),
    (
        TokenState {
            may_present: false,
            ..EXPIRED
        },
        Freshness::Valid,
        Decision::Refuse(Refusal::Reauthorize),
    ),
];

/// Shortest configured window and lifetime, both in seconds, and the limits of
/// the window that follows from them.
pub const WINDOWS: &[(u64, u64, f64, f64)] = &[
    (60, 3600, 180.0, 360.0),
    (1, 3600, 180.0, 360.0),
    (900, 3600, 450.0, 900.0),
    (86_400, 3600, 450.0, 900.0),
    (60, 60, 7.5, 15.0),
    (60, 0, 0.0, 0.001),
];

/// Outcome, rule, and the wait before the request is sent again, without
/// jitter.
pub fn retries() -> Vec<(Outcome, Reuse, Option<Duration>)> {
    let seconds = Duration::from_secs;
    let busy = |retry_after: Option<u64>| Outcome::Transient {
        retry_after: retry_after.map(seconds),
    };
    let lost = || Outcome::Ambiguous(Ambiguity::NoResponse);
    vec![
        (busy(None), Reuse::Strict, Some(seconds(1))),
        (busy(Some(0)), Reuse::Strict, Some(seconds(0))),
        (busy(Some(2)), Reuse::Strict, Some(seconds(2))),
        (busy(Some(3)), Reuse::Reusable, None),
        (
            Outcome::RateLimited { retry_after: None },
            Reuse::Strict,
            Some(seconds(1)),
        ),
        (lost(), Reuse::Strict, None),
        (lost(), Reuse::Reusable, Some(seconds(0))),
        (lost(), Reuse::Grace(seconds(30)), Some(seconds(0))),
        (Outcome::Dead("invalid_grant".into()), Reuse::Reusable, None),
        (
            Outcome::Misconfigured("invalid_client".into()),
            Reuse::Reusable,
            None,
        ),
        (
            Outcome::RequestRefused("invalid_scope".into()),
            Reuse::Reusable,
            None,
        ),
    ]
}
