//! What to do with a stored grant, and how the outcome of a refresh changes it.
//! The token itself is judged by
//! [`refresh_policy`](confidant_protocol::refresh_policy); leases and lost
//! refreshes are judged here.

use super::{error::TokenError, outcome::RefreshOutcome};
use crate::{
    clock::millis,
    grant::{AccessToken, Grant, GrantStatus, Lease, PendingRefresh, TokenRequirement},
};
use confidant_protocol::{
    Ambiguity, Outcome, Reuse,
    refresh_policy::{self, Decision, Freshness, RefreshAhead, TokenState, spread},
};
use confidant_wire::UnixMillis;
use std::time::Duration;

/// Why a grant is dead for which the provider wants to ask the user again.
pub const LOGIN_REQUIRED: &str = "login_required";

/// What decisions depend on beside the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What the provider does with a refresh token that it has seen before.
    pub reuse: Reuse,
    /// How long before its expiry an access token is refreshed, at least.
    pub ahead: Duration,
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Serve the stored token.
    Serve(AccessToken),
    /// Serve the stored token, which expires soon, and refresh behind the
    /// caller.
    ServeAndRefresh(AccessToken),
    /// Acquire the lease and refresh.
    Refresh,
    /// Another process holds the lease; it expires at this time.
    Wait(UnixMillis),
    /// A refresh was announced and its lease has expired: its process is gone,
    /// and whether the provider processed the request is unknown.
    ResolveLost,
    /// No token can be obtained.
    Refuse(TokenError),
}

/// Decides what to do for a caller with this requirement.
pub fn decide(
    grant: &Grant,
    requirement: &TokenRequirement,
    freshness: Freshness,
    rules: Rules,
    now: UnixMillis,
) -> Step {
    if let GrantStatus::Dead(reason) = &grant.status {
        return Step::Refuse(TokenError::Dead(reason.clone()));
    }
    let token = grant
        .cached_token(requirement)
        .filter(|cached| !cached.expired && freshness.accepts(cached.serial))
        .map(|cached| &cached.token);
    let expires_at = token.and_then(|token| token.expires_at);
    let state = TokenState {
        has_access_token: token.is_some(),
        remaining: expires_at.map(|end| Duration::from_millis(end.saturating_sub(now))),
        refresh_ahead: token.map_or(Duration::ZERO, |token| {
            refresh_ahead(grant, token, rules.ahead)
        }),
        has_refresh_token: grant.tokens.refresh_token.is_some(),
        may_present: !grant.status.may_be_spent(rules.reuse, now),
    };
    let unfinished = unfinished_refresh(grant, now);
    match (refresh_policy::decide(&state, freshness), token) {
        (Decision::Serve, Some(token)) => Step::Serve(token.clone()),
        (Decision::ServeAndRefresh, Some(token)) if unfinished.is_none() => {
            Step::ServeAndRefresh(token.clone())
        }
        (Decision::ServeAndRefresh, Some(token)) => Step::Serve(token.clone()),
        (Decision::Refuse(refusal), _) => {
            unfinished.unwrap_or_else(|| Step::Refuse(refusal.into()))
        }
        (Decision::Refresh | Decision::Serve | Decision::ServeAndRefresh, _) => {
            unfinished.unwrap_or(Step::Refresh)
        }
    }
}

/// Returns how long before its expiry this token is refreshed. Grants differ,
/// so that those of one morning are not refreshed in the same second.
fn refresh_ahead(grant: &Grant, token: &AccessToken, minimum: Duration) -> Duration {
    let Some(expires_at) = token.expires_at else {
        return Duration::ZERO;
    };
    let lifetime = Duration::from_millis(expires_at.saturating_sub(token.obtained_at));
    RefreshAhead::STANDARD
        .with_minimum(minimum)
        .window(lifetime, spread(&grant.id.0, grant.serial))
}

/// Returns what to do about a refresh that was started before, if there is one.
fn unfinished_refresh(grant: &Grant, now: UnixMillis) -> Option<Step> {
    let lease = grant.lease.as_ref().filter(|lease| lease.until > now);
    match (lease, &grant.pending) {
        (Some(lease), _) => Some(Step::Wait(lease.until)),
        (None, Some(_)) => Some(Step::ResolveLost),
        (None, None) => None,
    }
}

/// Returns the grant with a lease and an announced refresh.
pub fn begin_refresh(grant: &Grant, attempt: &str, now: UnixMillis, lease: Duration) -> Grant {
    Grant {
        version: grant.version + 1,
        lease: Some(Lease {
            holder: attempt.to_owned(),
            until: now.saturating_add(millis(lease)),
        }),
        pending: Some(PendingRefresh {
            attempt: attempt.to_owned(),
            generation: grant.generation,
            at: now,
        }),
        ..grant.clone()
    }
}

/// Returns the grant after its announced refresh, whose request was sent at
/// `sent_at`, ended with this outcome.
pub fn apply_outcome(
    grant: &Grant,
    requirement: &TokenRequirement,
    outcome: &RefreshOutcome,
    sent_at: UnixMillis,
) -> Grant {
    let mut next = Grant {
        version: grant.version + 1,
        lease: None,
        pending: None,
        ..grant.clone()
    };
    let RefreshOutcome::Request(outcome) = outcome else {
        return next;
    };
    match outcome {
        Outcome::Success(response) => {
            next.status = GrantStatus::Active;
            next.receive(requirement, (**response).clone(), sent_at);
        }
        Outcome::Dead(reason) => next.status = GrantStatus::Dead(reason.clone()),
        // The time of the first lost response stays: a grace period begins with
        // the first use.
        Outcome::Ambiguous(_) if next.status == GrantStatus::Active => {
            next.status = GrantStatus::Ambiguous(sent_at);
        }
        Outcome::Ambiguous(_)
        | Outcome::Misconfigured(_)
        | Outcome::RequestRefused(_)
        | Outcome::Transient { .. }
        | Outcome::RateLimited { .. } => {}
    }
    next
}

/// Returns the grant after a refresh whose process is gone.
pub fn resolve_lost(grant: &Grant) -> Grant {
    let at = grant.pending.as_ref().map_or(0, |pending| pending.at);
    let lost = Outcome::Ambiguous(Ambiguity::Abandoned).into();
    apply_outcome(grant, &TokenRequirement::default(), &lost, at)
}

/// Whether the outcome of a refresh may be written over the stored row: the row
/// still announces this refresh, or another process has resolved it as lost
/// and nothing newer has been stored since.
pub fn is_current(refreshed: &Grant, stored: &Grant) -> bool {
    let is_announced = stored.pending == refreshed.pending;
    is_announced || (stored.pending.is_none() && stored.serial == refreshed.serial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grant::GrantId;
    use confidant_protocol::{TokenResponse, cases::refresh_policy::CASES};
    use confidant_wire::Claims;

    const LIFETIME: u64 = 3600;

    fn response(access_token: &str, refresh_token: Option<&str>) -> TokenResponse {
        TokenResponse {
            access_token: access_token.into(),
            token_type: "Bearer".into(),
            expires_in: Some(LIFETIME),
            scopes: None,
            refresh_token: refresh_token.map(Into::into),
            id_token: None,
            extras: Claims::new(),
        }
    }

    fn grant() -> Grant {
        let response = response("at-1", Some("rt-1"));
        Grant::new(GrantId("g".into()), "demo".into(), response, 0)
    }

    /// Returns a grant in this state at the time `now`.
    fn grant_in(state: &TokenState, now: UnixMillis) -> Grant {
        let mut grant = grant();
        let token = &mut grant.tokens.access[0];
        token.expired = !state.has_access_token;
        token.token.expires_at = state.remaining.map(|left| now + millis(left));
        if !state.has_refresh_token {
            grant.tokens.refresh_token = None;
        }
        if !state.may_present {
            grant.status = GrantStatus::Ambiguous(0);
        }
        grant
    }

    #[test]
    fn every_state_of_the_contract_has_its_step() {
        let now = LIFETIME * 1000;
        for (state, freshness, expected) in CASES {
            let grant = grant_in(state, now);
            let rules = Rules {
                reuse: Reuse::Strict,
                ahead: Duration::from_secs(900),
            };
            let requirement = TokenRequirement::default();
            let found = match decide(&grant, &requirement, *freshness, rules, now) {
                Step::Serve(_) => Decision::Serve,
                Step::ServeAndRefresh(_) => Decision::ServeAndRefresh,
                Step::Refresh => Decision::Refresh,
                Step::Refuse(error) => {
                    let Decision::Refuse(refusal) = *expected else {
                        panic!("{state:?}: {error:?}");
                    };
                    assert_eq!(error, refusal.into(), "{state:?}");
                    *expected
                }
                step => panic!("{state:?}: {step:?}"),
            };
            assert_eq!(found, *expected, "{state:?} {freshness:?}");
        }
    }

    fn step(grant: &Grant, now: UnixMillis) -> Step {
        ahead(grant, 60, now)
    }

    fn ahead(grant: &Grant, seconds: u64, now: UnixMillis) -> Step {
        let rules = Rules {
            reuse: Reuse::Strict,
            ahead: Duration::from_secs(seconds),
        };
        decide(
            grant,
            &TokenRequirement::default(),
            Freshness::Valid,
            rules,
            now,
        )
    }

    #[test]
    fn a_token_is_served_then_refreshed_ahead_then_refreshed_first() {
        let grant = grant();
        assert!(matches!(step(&grant, 0), Step::Serve(_)));
        let soon = LIFETIME * 1000 - LIFETIME * 1000 / 20;
        assert!(matches!(step(&grant, soon), Step::ServeAndRefresh(_)));
        assert_eq!(step(&grant, LIFETIME * 1000), Step::Refresh);
    }

    #[test]
    fn how_far_ahead_is_configured_within_reason() {
        let grant = grant();
        let minutes_before = |minutes: u64| (LIFETIME - minutes * 60) * 1000;
        for (seconds, minutes, refreshes) in [
            (1, 7, false),
            (1, 2, true),
            (900, 7, true),
            (900, 16, false),
            (86_400, 16, false),
        ] {
            let step = ahead(&grant, seconds, minutes_before(minutes));
            let refreshed = matches!(step, Step::ServeAndRefresh(_));
            assert_eq!(refreshed, refreshes, "{seconds} s, {minutes} min before");
        }
    }

    #[test]
    fn a_token_of_a_minute_is_not_refreshed_at_every_use() {
        let mut grant = grant();
        grant.tokens.access[0].token.expires_at = Some(60_000);
        assert!(matches!(step(&grant, 40_000), Step::Serve(_)));
        assert!(matches!(step(&grant, 55_000), Step::ServeAndRefresh(_)));
    }

    #[test]
    fn during_a_refresh_the_stored_token_is_served_and_no_other_refresh_starts() {
        let refreshing = begin_refresh(&grant(), "a", LIFETIME * 1000 - 1, Duration::from_secs(15));
        assert!(matches!(
            step(&refreshing, LIFETIME * 1000 - 1),
            Step::Serve(_)
        ));
        assert_eq!(
            step(&refreshing, LIFETIME * 1000),
            Step::Wait(LIFETIME * 1000 + 14_999)
        );
        assert_eq!(
            step(&refreshing, LIFETIME * 1000 + 14_999),
            Step::ResolveLost
        );
    }

    #[test]
    fn the_refresh_token_survives_a_response_without_one() {
        let requirement = TokenRequirement::default();
        let success = |response| Outcome::Success(Box::new(response)).into();
        let outcome = success(response("at-2", None));
        let kept = apply_outcome(&grant(), &requirement, &outcome, 5);
        assert_eq!(kept.tokens.refresh_token.as_deref(), Some("rt-1"));
        assert_eq!((kept.generation, kept.serial), (1, 2));
        let outcome = success(response("at-2", Some("rt-2")));
        let rotated = apply_outcome(&kept, &requirement, &outcome, 5);
        assert_eq!(rotated.tokens.refresh_token.as_deref(), Some("rt-2"));
        assert_eq!((rotated.generation, rotated.serial), (2, 3));
    }
}
