//! A lock for browsers without Web Locks: a line in the database that all tabs
//! see at once, taken by compare-and-set. Unlike a Web Lock it outlives its
//! tab, so it runs out.

/// How long a lease lasts, in milliseconds: longer than any flight.
pub(crate) const LIFE: u64 = 30_000;
/// How long one waits before one looks again whether it is free, in
/// milliseconds.
pub(crate) const PAUSE: u32 = 40;

/// The line of a lease.
pub(crate) fn taken(owner: &str, now: u64) -> String {
    format!("{owner} {now}")
}

/// Whether it can be taken: there is none, it has run out, the clock was set
/// back behind it, or it is no lease at all.
pub(crate) fn is_free(line: Option<&str>, now: u64) -> bool {
    line.and_then(|line| line.split_once(' '))
        .and_then(|(_, since)| since.parse::<u64>().ok())
        .and_then(|since| now.checked_sub(since))
        .is_none_or(|held| held >= LIFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_held_until_it_runs_out() {
        let line = taken("a", 1_000);
        assert!(!is_free(Some(&line), 1_000));
        assert!(!is_free(Some(&line), 1_000 + LIFE - 1));
        assert!(is_free(Some(&line), 1_000 + LIFE));
    }

    #[test]
    fn a_clock_set_back_or_garbage_locks_nobody_out() {
        assert!(is_free(Some(&taken("a", 1_000)), 999));
        assert!(is_free(Some("garbage"), 0));
        assert!(is_free(None, 0));
    }
}
