//! When a client serves the token in hand, refreshes it, or refuses.
//!
//! The caller has looked at its storage and its clock. Locks and leases, which
//! differ between a browser and a server, stay with the caller: they are taken
//! after [`Decision::Refresh`], and the decision is made again under them.

use crate::{reuse::Reuse, token_outcome::Outcome};
use serde::Serialize;
use std::time::Duration;

/// How new a token the caller asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// One that has not expired.
    Valid,
    /// One that does not expire soon: the refresh that runs behind callers.
    NotExpiringSoon,
    /// One issued after this serial: an explicit refresh, or an API that
    /// refused the token in hand.
    NewerThan(u64),
}

impl Freshness {
    /// Whether a token with this serial is new enough, apart from its expiry.
    pub fn accepts(self, serial: u64) -> bool {
        match self {
            Self::Valid | Self::NotExpiringSoon => true,
            Self::NewerThan(known) => serial > known,
        }
    }
}

/// What the decision depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenState {
    /// Whether an access token is in hand that meets the request apart from
    /// its expiry: for the right resource, accepted by [`Freshness::accepts`],
    /// and not expired by force.
    pub has_access_token: bool,
    /// How long it is still valid: `None` if the provider stated no lifetime,
    /// zero if it has expired or its age is unknown.
    pub remaining: Option<Duration>,
    /// How long before its expiry it is refreshed: [`RefreshAhead::window`].
    pub refresh_ahead: Duration,
    /// Whether there is a refresh token.
    pub has_refresh_token: bool,
    /// Whether it may be presented: true unless a response was lost that
    /// [`Reuse::may_present_again`] does not allow to ask for again.
    pub may_present: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Serve the token in hand.
    Serve,
    /// Serve the token in hand, and refresh it behind the caller.
    ServeAndRefresh,
    /// Refresh, and let the caller wait.
    Refresh,
    /// Refuse: there is no way to a token.
    Refuse(Refusal),
}

/// Why a refresh is impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The provider issued no refresh token.
    NoRefreshToken,
    /// The refresh token must not be presented again; a new authorization
    /// request, with `prompt=none` first, is the way to new tokens.
    Reauthorize,
}

/// Decides what to do for a caller with this demand.
pub fn decide(state: &TokenState, freshness: Freshness) -> Decision {
    let valid = state.remaining.is_none_or(|left| !left.is_zero());
    let usable = state.has_access_token && valid;
    let expires_soon = state
        .remaining
        .is_some_and(|left| left <= state.refresh_ahead);
    match (usable, refusal(state)) {
        (true, None) if expires_soon => match freshness {
            Freshness::NotExpiringSoon => Decision::Refresh,
            Freshness::Valid | Freshness::NewerThan(_) => Decision::ServeAndRefresh,
        },
        (true, _) => Decision::Serve,
        (false, None) => Decision::Refresh,
        (false, Some(refusal)) => Decision::Refuse(refusal),
    }
}

fn refusal(state: &TokenState) -> Option<Refusal> {
    if !state.has_refresh_token {
        return Some(Refusal::NoRefreshToken);
    }
    (!state.may_present).then_some(Refusal::Reauthorize)
}

/// How early a token is refreshed, ahead of its expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RefreshAhead {
    /// The shortest window, in milliseconds.
    pub minimum_ms: u64,
    /// The window as a part of the lifetime: one nth of it.
    pub lifetime_part: u32,
    /// The longest window, one nth of the lifetime: a token of one minute would
    /// otherwise be refreshed at every use.
    pub lifetime_limit: u32,
}

impl Default for RefreshAhead {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// How many steps the start of the window is spread over.
pub const SPREAD_STEPS: u64 = 64;

impl RefreshAhead {
    /// 60 s or a tenth of the lifetime, whichever is more, and never more than
    /// a quarter.
    pub const STANDARD: Self = Self {
        minimum_ms: 60_000,
        lifetime_part: 10,
        lifetime_limit: 4,
    };

    /// Returns the same with another shortest window.
    #[must_use]
    pub fn with_minimum(self, minimum: Duration) -> Self {
        Self {
            minimum_ms: u64::try_from(minimum.as_millis()).unwrap_or(u64::MAX),
            ..self
        }
    }

    /// Returns how long before its expiry a token with this lifetime is
    /// refreshed. `spread` moves it by up to half the window, so that tokens
    /// issued together are not refreshed together; [`spread`] computes one.
    pub fn window(self, lifetime: Duration, spread: u64) -> Duration {
        let window = (lifetime / self.lifetime_part)
            .max(Duration::from_millis(self.minimum_ms))
            .min(lifetime / self.lifetime_limit);
        let half = window / 2;
        let step = u32::try_from(spread % SPREAD_STEPS).unwrap_or_default();
        half + half * step / SPREAD_STEPS as u32
    }
}

/// Whether and when a refresh request is sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RetryPolicy {
    /// The wait if the provider names none, in milliseconds.
    pub default_wait_ms: u64,
    /// The longest wait that a caller is made to endure, in milliseconds.
    pub longest_wait_ms: u64,
    /// The largest addition to the wait, in milliseconds: clients that a
    /// provider refused together do not come back together.
    pub jitter_ms: u64,
    /// How long the provider is left alone after the second request failed,
    /// unless it asks for longer, in milliseconds.
    pub cooldown_ms: u64,
}

impl RetryPolicy {
    /// One second, two at most, half a second of jitter, five seconds of rest.
    pub const STANDARD: Self = Self {
        default_wait_ms: 1_000,
        longest_wait_ms: 2_000,
        jitter_ms: 500,
        cooldown_ms: 5_000,
    };

    /// Returns how long to wait before the same refresh token is presented
    /// once more, or `None` if the outcome stands. `random` is any byte.
    pub fn wait(self, outcome: &Outcome, reuse: Reuse, random: u8) -> Option<Duration> {
        match outcome {
            Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
                let wait = retry_after.unwrap_or(Duration::from_millis(self.default_wait_ms));
                let jitter = Duration::from_millis(self.jitter_ms) * u32::from(random) / 255;
                (wait <= Duration::from_millis(self.longest_wait_ms)).then(|| wait + jitter)
            }
            Outcome::Ambiguous(_) => reuse
                .may_present_again(Duration::ZERO)
                .then_some(Duration::ZERO),
            Outcome::Success(_)
            | Outcome::Dead(_)
            | Outcome::Misconfigured(_)
            | Outcome::RequestRefused(_) => None,
        }
    }
}

/// Returns a number that differs between grants and between their tokens, and
/// stays the same for one of them.
pub fn spread(grant_id: &str, serial: u64) -> u64 {
    grant_id.bytes().fold(serial, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::refresh_policy::{CASES, WINDOWS, retries};

    #[test]
    fn every_state_has_its_decision() {
        for (state, freshness, expected) in CASES {
            let found = decide(state, *freshness);
            assert_eq!(found, *expected, "{state:?} {freshness:?}");
        }
    }

    #[test]
    fn the_window_is_as_long_as_configured_within_reason() {
        for (minimum, lifetime, shortest, longest) in WINDOWS {
            let ahead = RefreshAhead::STANDARD.with_minimum(Duration::from_secs(*minimum));
            let lifetime = Duration::from_secs(*lifetime);
            for spread in 0..SPREAD_STEPS {
                let window = ahead.window(lifetime, spread).as_secs_f64();
                assert!(window >= *shortest && window < *longest, "{window}");
            }
        }
    }

    #[test]
    fn tokens_issued_together_are_not_refreshed_together() {
        let lifetime = Duration::from_secs(3600);
        let window = |id: &str| RefreshAhead::STANDARD.window(lifetime, spread(id, 1));
        let windows: std::collections::HashSet<_> = (0..SPREAD_STEPS)
            .map(|number| window(&format!("grant-{number}")))
            .collect();
        assert!(windows.len() > 20, "{}", windows.len());
        assert_eq!(window("a"), window("a"));
    }

    #[test]
    fn a_request_is_sent_again_once_if_that_is_harmless() {
        for (outcome, reuse, shortest) in retries() {
            for random in [0, 255] {
                let wait = RetryPolicy::STANDARD.wait(&outcome, reuse, random);
                let jitter = matches!(
                    outcome,
                    Outcome::Transient { .. } | Outcome::RateLimited { .. }
                )
                .then(|| Duration::from_millis(if random == 0 { 0 } else { 500 }))
                .unwrap_or_default();
                let expected = shortest.map(|shortest| shortest + jitter);
                assert_eq!(wait, expected, "{outcome:?} {reuse:?}");
            }
        }
    }

    #[test]
    fn a_newer_token_is_one_with_a_higher_serial() {
        assert!(Freshness::Valid.accepts(0));
        assert!(Freshness::NewerThan(1).accepts(2));
        assert!(!Freshness::NewerThan(1).accepts(1));
    }

    #[test]
    fn a_lost_response_is_asked_for_again_as_the_provider_allows() {
        let (soon, late) = (Duration::from_secs(9), Duration::from_secs(10));
        let grace = Reuse::Grace(Duration::from_secs(10));
        for (reuse, since, expected) in [
            (Reuse::Reusable, late, true),
            (grace, soon, true),
            (grace, late, false),
            (Reuse::Strict, Duration::ZERO, false),
        ] {
            assert_eq!(reuse.may_present_again(since), expected, "{reuse:?}");
        }
    }
}
