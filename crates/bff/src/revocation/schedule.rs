//! When a failed attempt to revoke tokens is repeated.

use super::QueuedRevocation;
use crate::{clock::millis, refresh::Timing};
use confidant_protocol::refresh_policy::spread;
use confidant_wire::UnixMillis;
use std::time::Duration;

/// The pause after the first failed attempt. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// Returns how long an attempt is reserved for the process that makes it: long
/// enough for the metadata and the requests of one entry.
pub(crate) fn claim_duration(timing: Timing) -> Duration {
    timing.deadline * 3
}

/// Returns how long an attempt may take: it ends before its claim does, so that no
/// two processes attempt the same.
pub(super) fn attempt_limit(timing: Timing) -> Duration {
    claim_duration(timing) * 4 / 5
}

/// Returns how often the queue is looked at.
pub(super) fn poll_interval(timing: Timing) -> Duration {
    timing.deadline.min(FIRST_PAUSE)
}

/// Returns the time of the next attempt: later each time, and not at the same
/// time for all entries that failed together.
pub(super) fn next_attempt(revocation: &QueuedRevocation, now: UnixMillis) -> UnixMillis {
    let doublings = u32::try_from(revocation.attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    let factor = 2_u32.checked_pow(doublings).unwrap_or(u32::MAX);
    let pause = FIRST_PAUSE.saturating_mul(factor).min(LONGEST_PAUSE);
    let spread = spread(&revocation.grant.0, revocation.attempts) % 256;
    let jitter = millis(pause) / 1024 * spread;
    now.saturating_add(millis(pause)).saturating_add(jitter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        grant::{GrantId, Tokens},
        revocation::RevocationReason,
    };
    use confidant_wire::ClientKind;

    fn after(attempts: u64, grant: &str) -> u64 {
        let revocation = QueuedRevocation {
            id: "r".into(),
            grant: GrantId(grant.into()),
            provider: "demo".into(),
            kind: ClientKind::BFF,
            reason: RevocationReason::SignedOut,
            queued_at: 0,
            claimed_until: 0,
            attempts,
            tokens: Tokens::default(),
        };
        next_attempt(&revocation, 0)
    }

    #[test]
    fn each_failed_attempt_is_repeated_later_than_the_last_one_and_within_two_hours() {
        let pauses: Vec<_> = (1..=9).map(|attempts| after(attempts, "g")).collect();
        assert!(pauses.is_sorted_by(|a, b| a < b), "{pauses:?}");
        assert!(pauses[0] >= 5_000, "{pauses:?}");
        assert!(after(1_000, "g") <= 7_200_000);
    }

    #[test]
    fn entries_that_failed_together_are_not_repeated_together() {
        assert_ne!(after(3, "one"), after(3, "two"));
    }
}
