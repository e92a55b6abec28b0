//! A lock made of a storage that all tabs share, for browsers without Web
//! Locks. It is second best: localStorage has no compare-and-set, so whoever
//! takes the lease looks again a little later whether it is still theirs. Two
//! tabs that take it in the same instant see the same last writer.

use serde::{Deserialize, Serialize};

/// How long a lease lasts, in milliseconds: longer than any flight.
pub(crate) const LIFE: u64 = 30_000;
/// How long after taking it one looks again, in milliseconds.
pub(crate) const SETTLE: u32 = 60;
/// How long one waits before one looks whether it is free, in milliseconds.
pub(crate) const PAUSE: u32 = 120;

/// Who holds the lock, and since when.
#[derive(Serialize, Deserialize)]
struct Lease {
    owner: String,
    since: u64,
}

/// The text of a lease.
pub(crate) fn taken(owner: &str, now: u64) -> String {
    let lease = Lease {
        owner: owner.to_owned(),
        since: now,
    };
    serde_json::to_string(&lease).unwrap_or_default()
}

/// Whether it can be taken: there is none, it has run out, the clock was set
/// back behind it, or it is not ours at all.
pub(crate) fn is_free(stored: Option<&str>, now: u64) -> bool {
    stored
        .and_then(|text| serde_json::from_str::<Lease>(text).ok())
        .and_then(|lease| now.checked_sub(lease.since))
        .is_none_or(|held| held >= LIFE)
}

/// Whether it is held by this owner.
pub(crate) fn is_held_by(stored: Option<&str>, owner: &str) -> bool {
    stored
        .and_then(|text| serde_json::from_str::<Lease>(text).ok())
        .is_some_and(|lease| lease.owner == owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_held_until_it_runs_out() {
        let text = taken("a", 1_000);
        assert!(!is_free(Some(&text), 1_000));
        assert!(!is_free(Some(&text), 1_000 + LIFE - 1));
        assert!(is_free(Some(&text), 1_000 + LIFE));
        assert!(is_held_by(Some(&text), "a"));
        assert!(!is_held_by(Some(&text), "b"));
    }

    #[test]
    fn a_clock_set_back_or_garbage_locks_nobody_out() {
        assert!(is_free(Some(&taken("a", 1_000)), 999));
        assert!(is_free(Some("garbage"), 0));
        assert!(is_free(None, 0));
        assert!(!is_held_by(Some("garbage"), "a"));
    }
}
