//! What to do with a grant as it stands, and what a landing makes of it.

use super::outcome::{Outcome, Reuse};
use crate::store::StoreError;
use crate::{
    clock::millis,
    grant::{AccessToken, Grant, GrantStatus, Lease, PendingRefresh, TokenRequirement},
};
use confidant_wire::UnixMillis;
use std::time::Duration;

/// How new a token the caller asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// One that has not run out.
    Usable,
    /// One that came after this answer: an explicit refresh, or an API that
    /// refused the token in hand.
    NewerThan(u64),
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is no such grant.
    #[error("no such grant")]
    Gone,
    /// The provider no longer honours it; its error code.
    #[error("the provider no longer honours the grant: {0}")]
    Dead(String),
    /// The refresh token must not be presented again: authorize once more.
    #[error("the last refresh was not answered, and its token may be spent")]
    Reauthorize,
    /// The access token has run out and the provider gave no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
    /// The provider refuses the client; its error code.
    #[error("the provider refuses this client: {0}")]
    Misconfigured(String),
    /// The provider refuses the scope or resource; its error code.
    #[error("the provider gives no token for this scope or resource: {0}")]
    RequestRefused(String),
    /// The provider cannot be reached, or is busy.
    #[error("the provider does not answer")]
    Unavailable {
        /// When to ask again.
        retry_after: Duration,
    },
    /// What is stored of the grant does not open with the keys at hand.
    #[error("what is stored of the grant cannot be read")]
    Unreadable,
    /// The database does not answer.
    #[error("the store does not answer")]
    Store,
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Store,
            StoreError::Decrypt(_) => Self::Unreadable,
        }
    }
}

/// Why a grant is dead that could only be had anew, and not without asking.
pub const LOGIN_REQUIRED: &str = "login_required";

/// What decisions depend on beside the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What the provider does with a refresh token seen before.
    pub reuse: Reuse,
    /// How long before its end an access token is refreshed.
    pub ahead: Duration,
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The token is in hand.
    Serve(AccessToken),
    /// The token is in hand and will run out soon: serve it, and refresh
    /// behind it.
    ServeAndRefresh(AccessToken),
    /// Take the lease and refresh.
    Refresh,
    /// Somebody else flies until then at the latest.
    Wait(UnixMillis),
    /// A flight was announced and its lease has run out: its process is gone,
    /// and nobody knows whether it was answered.
    ResolveLost,
    /// There is no token to be had.
    Refuse(TokenError),
}

/// What to do for somebody who wants this of the grant.
pub fn decide(
    grant: &Grant,
    want: &TokenRequirement,
    demand: Freshness,
    rules: Rules,
    now: UnixMillis,
) -> Step {
    if let GrantStatus::Dead(reason) = &grant.status {
        return Step::Refuse(TokenError::Dead(reason.clone()));
    }
    match (
        usable(grant, want, demand, now),
        refresh(grant, rules.reuse, now),
    ) {
        (Some(token), Step::Refresh) if runs_out_soon(grant, &token, rules.ahead, now) => {
            Step::ServeAndRefresh(token)
        }
        (Some(token), _) => Step::Serve(token),
        (None, step) => step,
    }
}

/// How a newer token can be had.
fn refresh(grant: &Grant, reuse: Reuse, now: UnixMillis) -> Step {
    let leased = grant.lease.as_ref().filter(|lease| lease.until > now);
    match (leased, &grant.pending) {
        (Some(lease), _) => return Step::Wait(lease.until),
        (None, Some(_)) => return Step::ResolveLost,
        (None, None) => {}
    }
    if grant.tokens.refresh_token.is_none() {
        return Step::Refuse(TokenError::NoRefreshToken);
    }
    match grant.status {
        GrantStatus::Ambiguous(since) if !may_present_again(reuse, since, now) => {
            Step::Refuse(TokenError::Reauthorize)
        }
        _ => Step::Refresh,
    }
}

/// The last part of a token's life, in which it is refreshed ahead: so long as
/// configured or a tenth of its life, whichever is more, but never more than a
/// quarter, or a token of a minute would be refreshed at every use. Grants differ by up to
/// half of it, so that those of one morning are not refreshed in one second.
fn runs_out_soon(grant: &Grant, token: &AccessToken, ahead: Duration, now: UnixMillis) -> bool {
    let Some(end) = token.expires_at else {
        return false;
    };
    let life = end.saturating_sub(token.obtained_at);
    let window = (life / 10).max(millis(ahead)).min(life / 4);
    let spread = grant.id.0.bytes().fold(grant.serial, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let early = window / 2 + (window / 2) * (spread % 64) / 64;
    end.saturating_sub(now) <= early
}

fn usable(
    grant: &Grant,
    want: &TokenRequirement,
    demand: Freshness,
    now: UnixMillis,
) -> Option<AccessToken> {
    let cached_token = grant.cached_token(want)?;
    let new_enough = match demand {
        Freshness::Usable => true,
        Freshness::NewerThan(serial) => cached_token.serial > serial,
    };
    let fresh = !cached_token.expired && cached_token.token.expires_at.is_none_or(|end| end > now);
    (new_enough && fresh).then(|| cached_token.token.clone())
}

/// Whether a refresh token whose answer was lost at `since` may be sent again.
pub fn may_present_again(reuse: Reuse, since: UnixMillis, now: UnixMillis) -> bool {
    match reuse {
        Reuse::Reusable => true,
        Reuse::Grace(window) => now < since.saturating_add(millis(window)),
        Reuse::Strict => false,
    }
}

/// The grant with a lease on it and the flight announced.
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

/// The grant after the announced flight ended so. `sent_at` is when its
/// request was sent.
pub fn apply_outcome(
    grant: &Grant,
    want: &TokenRequirement,
    outcome: &Outcome,
    sent_at: UnixMillis,
) -> Grant {
    let mut next = Grant {
        version: grant.version + 1,
        lease: None,
        pending: None,
        ..grant.clone()
    };
    match outcome {
        Outcome::Success(answer) => {
            next.status = GrantStatus::Active;
            next.receive(want, (**answer).clone(), sent_at);
        }
        Outcome::Dead(reason) => next.status = GrantStatus::Dead(reason.clone()),
        // The first doubt counts: a window opens with the first use.
        Outcome::Ambiguous if next.status == GrantStatus::Active => {
            next.status = GrantStatus::Ambiguous(sent_at);
        }
        Outcome::Ambiguous
        | Outcome::Misconfigured(_)
        | Outcome::RequestRefused(_)
        | Outcome::Transient { .. }
        | Outcome::RateLimited { .. }
        | Outcome::LeaseExpired => {}
    }
    next
}

/// The grant after somebody found a flight whose process is gone.
pub fn resolve_lost(grant: &Grant) -> Grant {
    let at = grant.pending.as_ref().map_or(0, |pending| pending.at);
    apply_outcome(grant, &TokenRequirement::default(), &Outcome::Ambiguous, at)
}

/// Whether a landing still counts, given the row that is stored by now: its
/// own announcement stands there, or its lease was taken for lost and nothing
/// newer has been stored since.
pub fn still_counts(stored: &Grant, flown: &Grant) -> bool {
    let ours = stored.pending == flown.pending;
    ours || (stored.pending.is_none() && stored.serial == flown.serial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grant::{GrantId, TokenResponse};
    use confidant_wire::Claims;

    const LIFE: u64 = 3600;

    fn grant() -> Grant {
        let answer = TokenResponse {
            access_token: "at-1".into(),
            token_type: "Bearer".into(),
            expires_in: Some(LIFE),
            scopes: None,
            refresh_token: Some("rt-1".into()),
            id_token: None,
            extras: Claims::new(),
        };
        Grant::new(GrantId("g".into()), "demo".into(), answer, 0)
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
            Freshness::Usable,
            rules,
            now,
        )
    }

    #[test]
    fn a_token_is_served_then_refreshed_ahead_then_waited_for() {
        let grant = grant();
        assert!(matches!(step(&grant, 0), Step::Serve(_)));
        let soon = LIFE * 1000 - LIFE * 1000 / 20;
        assert!(matches!(step(&grant, soon), Step::ServeAndRefresh(_)));
        assert_eq!(step(&grant, LIFE * 1000), Step::Refresh);
    }

    #[test]
    fn how_far_ahead_is_configured_within_reason() {
        let grant = grant();
        let minutes_before = |minutes: u64| (LIFE - minutes * 60) * 1000;
        for (seconds, minutes, flies) in [
            (1, 7, false),
            (1, 2, true),
            (900, 7, true),
            (900, 16, false),
            (86_400, 16, false),
        ] {
            let step = ahead(&grant, seconds, minutes_before(minutes));
            let flown = matches!(step, Step::ServeAndRefresh(_));
            assert_eq!(flown, flies, "{seconds} s, {minutes} min before");
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
    fn while_somebody_flies_the_token_in_hand_is_served_and_nobody_else_flies() {
        let flying = begin_refresh(&grant(), "a", LIFE * 1000 - 1, Duration::from_secs(15));
        assert!(matches!(step(&flying, LIFE * 1000 - 1), Step::Serve(_)));
        assert_eq!(step(&flying, LIFE * 1000), Step::Wait(LIFE * 1000 + 14_999));
        assert_eq!(step(&flying, LIFE * 1000 + 14_999), Step::ResolveLost);
    }

    #[test]
    fn the_refresh_token_survives_an_answer_without_one() {
        let mut answer = TokenResponse {
            access_token: "at-2".into(),
            token_type: "Bearer".into(),
            expires_in: None,
            scopes: None,
            refresh_token: None,
            id_token: None,
            extras: Claims::new(),
        };
        let outcome = Outcome::Success(Box::new(answer.clone()));
        let kept = apply_outcome(&grant(), &TokenRequirement::default(), &outcome, 5);
        assert_eq!(kept.tokens.refresh_token.as_deref(), Some("rt-1"));
        assert_eq!((kept.generation, kept.serial), (1, 2));
        answer.refresh_token = Some("rt-2".into());
        let outcome = Outcome::Success(Box::new(answer));
        let rotated = apply_outcome(&kept, &TokenRequirement::default(), &outcome, 5);
        assert_eq!(rotated.tokens.refresh_token.as_deref(), Some("rt-2"));
        assert_eq!((rotated.generation, rotated.serial), (2, 3));
    }
}
