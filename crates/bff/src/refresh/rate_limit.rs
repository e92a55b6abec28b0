//! A limit on the refreshes that users ask for explicitly, so that one session
//! cannot use up what the provider allows the whole client.

use crate::{clock::millis, grant::GrantId};
use confidant_wire::UnixMillis;
use std::{collections::HashMap, time::Duration};

/// The number of requests that a full bucket allows at once.
const BURST: u64 = 20;
/// How long it takes until one more is allowed.
const INTERVAL: Duration = Duration::from_secs(3);
/// The number of buckets kept.
const MAX_BUCKETS: usize = 10_000;

/// A token bucket for each grant, in this process.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    /// When each bucket is full again. Buckets that are not listed are full.
    full_at: HashMap<GrantId, UnixMillis>,
}

impl RateLimit {
    /// Takes one request out of the grant's bucket.
    ///
    /// # Errors
    /// If the bucket is empty: how long until the next request is allowed.
    pub(crate) fn take(&mut self, grant: &GrantId, now: UnixMillis) -> Result<(), Duration> {
        let empty = now.saturating_add(millis(INTERVAL).saturating_mul(BURST));
        let stored = self.full_at.get(grant).copied().unwrap_or(now);
        // A clock that was set back must not lengthen the wait.
        let full_at = stored.clamp(now, empty).saturating_add(millis(INTERVAL));
        if full_at > empty {
            return Err(Duration::from_millis(full_at - empty));
        }
        if !self.full_at.contains_key(grant) {
            self.make_room(now);
        }
        self.full_at.insert(grant.clone(), full_at);
        Ok(())
    }

    /// Removes buckets that are full or, if there are none, the fullest.
    fn make_room(&mut self, now: UnixMillis) {
        if self.full_at.len() < MAX_BUCKETS {
            return;
        }
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() >= MAX_BUCKETS {
            let fullest = self.full_at.iter().min_by_key(|(_, full_at)| **full_at);
            if let Some(fullest) = fullest.map(|(grant, _)| grant.clone()) {
                self.full_at.remove(&fullest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(grant: impl ToString) -> GrantId {
        GrantId(grant.to_string())
    }

    fn emptied(at: UnixMillis) -> RateLimit {
        let mut limit = RateLimit::default();
        for _ in 0..BURST {
            assert_eq!(limit.take(&id("a"), at), Ok(()));
        }
        limit
    }

    #[test]
    fn after_a_burst_one_request_is_allowed_every_interval() {
        let mut limit = emptied(0);
        for (now, wait) in [(0, Some(3_000)), (2_999, Some(1)), (3_000, None)] {
            let expected = wait.map_or(Ok(()), |ms| Err(Duration::from_millis(ms)));
            assert_eq!(limit.take(&id("a"), now), expected, "{now}");
        }
        assert_eq!(limit.take(&id("a"), 3_000), Err(INTERVAL));
        // A refused request takes nothing out of the bucket.
        assert_eq!(limit.take(&id("a"), 6_000), Ok(()));
    }

    #[test]
    fn a_bucket_fills_up_and_holds_no_more_than_a_burst() {
        let mut limit = emptied(0);
        let later = 3_600_000;
        let allowed = (0..100).filter(|_| limit.take(&id("a"), later).is_ok());
        assert_eq!(allowed.count() as u64, BURST);
    }

    #[test]
    fn the_requests_of_a_grant_do_not_count_for_another() {
        assert_eq!(emptied(0).take(&id("b"), 0), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_lengthen_the_wait() {
        let mut limit = emptied(3_600_000);
        assert_eq!(limit.take(&id("a"), 0), Err(INTERVAL));
    }

    #[test]
    fn the_number_of_buckets_is_bounded_and_the_emptiest_stay() {
        let mut limit = emptied(0);
        for number in 0..MAX_BUCKETS + 10 {
            assert_eq!(limit.take(&id(number), 0), Ok(()));
        }
        assert_eq!(limit.full_at.len(), MAX_BUCKETS);
        assert_eq!(limit.take(&id("a"), 0), Err(INTERVAL));
        // Once they are full again, all are removed.
        assert_eq!(limit.take(&id("b"), 3_600_000), Ok(()));
        assert_eq!(limit.full_at.len(), 1);
    }
}
