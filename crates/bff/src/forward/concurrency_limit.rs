//! A crowd that sets out for one API at one moment, as after a refresh that
//! all of them waited for. In single file they take turns on a few
//! connections; all at once each would open one of its own.

use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// Requests to one API that may wait for their answers to begin at one time,
/// before the next has to wait for its turn.
const ABREAST: usize = 128;

/// How long a turn is waited for. An API that keeps its callers waiting on
/// purpose, or hangs, must not keep everybody else out as well.
const PATIENCE: Duration = Duration::from_millis(250);

/// The way to one API.
pub(super) struct ConcurrencyLimit(Semaphore);

impl ConcurrencyLimit {
    pub(super) fn new() -> Self {
        Self(Semaphore::new(ABREAST))
    }

    /// A turn, to be kept until the answer begins. None for those who waited
    /// long enough and go all the same.
    pub(super) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(permit) = self.0.try_acquire() {
            return Some(permit);
        }
        timeout(PATIENCE, self.0.acquire()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_crowd_takes_turns_and_nobody_waits_for_ever() {
        let concurrency_limit = ConcurrencyLimit::new();
        let mut abreast = Vec::new();
        for _ in 0..ABREAST {
            abreast.push(concurrency_limit.acquire().await);
        }
        assert!(abreast.iter().all(Option::is_some));
        let began = tokio::time::Instant::now();
        assert!(
            concurrency_limit.acquire().await.is_none(),
            "goes all the same"
        );
        assert_eq!(began.elapsed(), PATIENCE);
        abreast.pop();
        assert!(concurrency_limit.acquire().await.is_some());
    }
}
