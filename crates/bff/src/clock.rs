//! The clock, which is passed in.

use confidant_wire::UnixMillis;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The source of the time. Every lifetime is computed with a clock that is
/// passed in, so that a test can move it.
pub trait Clock: Send + Sync {
    /// Returns the milliseconds since 1970-01-01 UTC.
    fn now(&self) -> UnixMillis;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        millis(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        )
    }
}

/// Returns a duration in whole milliseconds.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the time since `start`; zero if the clock was set back.
pub(crate) fn elapsed(start: UnixMillis, now: UnixMillis) -> Duration {
    Duration::from_millis(now.saturating_sub(start))
}

#[cfg(test)]
pub(crate) mod testing {
    //! A clock that tests move.

    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    #[derive(Default)]
    pub(crate) struct ManualClock(AtomicU64);

    impl ManualClock {
        /// Moves the clock ahead.
        pub(crate) fn advance(&self, by: Duration) {
            self.0.fetch_add(millis(by), SeqCst);
        }
    }

    impl Clock for ManualClock {
        fn now(&self) -> UnixMillis {
            self.0.load(SeqCst)
        }
    }
}
