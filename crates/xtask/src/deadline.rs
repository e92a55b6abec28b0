//! Waiting for something, but not for ever.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How often we look: short against anything that a person notices.
const INTERVAL: Duration = Duration::from_millis(25);

/// Asks `done` until it says yes (true) or `limit` has passed (false).
pub(crate) fn wait(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    loop {
        if done() {
            return true;
        }
        if begun.elapsed() >= limit {
            return false;
        }
        thread::sleep(INTERVAL);
    }
}
