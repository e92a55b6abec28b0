//! A limit on concurrent requests to one API. After a refresh, all requests
//! that waited for it start at once. With a limit they share a few connections;
//! without one, each would open its own.

use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// How many requests to one API may wait for a response at the same time.
const MAX_CONCURRENT: usize = 128;

/// How long a request waits for a permit. After that it is sent all the same:
/// an API that answers slowly on purpose, or hangs, must not block further
/// requests.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// The limit of one API.
pub(super) struct ConcurrencyLimit(Semaphore);

impl ConcurrencyLimit {
    pub(super) fn new() -> Self {
        Self(Semaphore::new(MAX_CONCURRENT))
    }

    /// Returns a permit to hold until the response begins, or `None` after a
    /// wait: the request is sent without one.
    pub(super) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(permit) = self.0.try_acquire() {
            return Some(permit);
        }
        timeout(MAX_WAIT, self.0.acquire()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn requests_wait_for_a_permit_but_not_for_ever() {
        let limit = ConcurrencyLimit::new();
        let mut permits = Vec::new();
        for _ in 0..MAX_CONCURRENT {
            permits.push(limit.acquire().await);
        }
        assert!(permits.iter().all(Option::is_some));
        let began = tokio::time::Instant::now();
        assert!(limit.acquire().await.is_none(), "sent without a permit");
        assert_eq!(began.elapsed(), MAX_WAIT);
        permits.pop();
        assert!(limit.acquire().await.is_some());
    }
}
