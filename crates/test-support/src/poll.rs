//! Waiting for a condition, up to a limit.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// The pause between two checks.
const INTERVAL: Duration = Duration::from_millis(20);

/// Calls `condition` until it returns true, and blocks the thread between the
/// calls. Returns false if `limit` has passed before that.
pub fn poll_until(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        sleep(INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polling_ends_with_the_condition_or_at_the_limit() {
        let mut calls = 0;
        let met = poll_until(Duration::from_secs(20), || {
            calls += 1;
            calls == 3
        });
        assert!(met);
        assert_eq!(calls, 3);
        assert!(!poll_until(Duration::ZERO, || false));
    }
}
