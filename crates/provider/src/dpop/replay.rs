//! The replay cache: a proof can be used once (RFC 9449 section 11.1).

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use super::proof::TIME_TOLERANCE;
use crate::{clock::UnixTime, digest::Digest};

/// The capacity of the cache.
const MAX_PROOFS: usize = 100_000;
/// How long a proof is remembered: from the earliest to the latest moment at
/// which its `iat` is within the tolerance.
const RETENTION: Duration = TIME_TOLERANCE
    .saturating_mul(2)
    .saturating_add(Duration::from_secs(1));

/// The reason why the cache does not accept a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReplayError {
    /// The proof was used before.
    AlreadyUsed,
    /// The cache is full. Evicting an entry instead would let an attacker who
    /// sends many proofs make room for a replay.
    Full,
}

/// The proofs used recently. A restart empties the cache, and invalidates the
/// nonces of proofs made before.
pub(super) struct ReplayCache {
    ids: HashSet<Digest>,
    /// From the oldest to the newest.
    order: VecDeque<(UnixTime, Digest)>,
    capacity: usize,
}

impl Default for ReplayCache {
    fn default() -> Self {
        Self::with_capacity(MAX_PROOFS)
    }
}

impl ReplayCache {
    fn with_capacity(capacity: usize) -> Self {
        Self {
            ids: HashSet::new(),
            order: VecDeque::new(),
            capacity,
        }
    }

    /// Adds the proof `id` unless it was used before.
    pub(super) fn insert(&mut self, id: Digest, now: UnixTime) -> Result<(), ReplayError> {
        while let Some((at, oldest)) = self.order.front()
            && now >= at.plus(RETENTION)
        {
            self.ids.remove(oldest);
            self.order.pop_front();
        }
        if self.ids.contains(&id) {
            return Err(ReplayError::AlreadyUsed);
        }
        if self.order.len() >= self.capacity {
            return Err(ReplayError::Full);
        }
        self.ids.insert(id);
        self.order.push_back((now, id));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixTime = UnixTime::from_millis(1_000_000);

    #[test]
    fn a_proof_is_accepted_once() {
        let mut cache = ReplayCache::default();
        assert_eq!(cache.insert(Digest::of("one"), START), Ok(()));
        assert_eq!(cache.insert(Digest::of("two"), START), Ok(()));
        let last = START.plus(TIME_TOLERANCE * 2);
        assert_eq!(
            cache.insert(Digest::of("one"), last),
            Err(ReplayError::AlreadyUsed)
        );
        assert_eq!(
            cache.insert(Digest::of("one"), START.plus(RETENTION)),
            Ok(())
        );
    }

    #[test]
    fn a_full_cache_makes_no_room_for_a_replay() {
        let mut cache = ReplayCache::with_capacity(3);
        for id in ["one", "two", "three"] {
            cache.insert(Digest::of(id), START).unwrap();
        }
        assert_eq!(
            cache.insert(Digest::of("four"), START),
            Err(ReplayError::Full)
        );
        assert_eq!(
            cache.insert(Digest::of("one"), START),
            Err(ReplayError::AlreadyUsed)
        );
        assert_eq!(
            cache.insert(Digest::of("four"), START.plus(RETENTION)),
            Ok(())
        );
        assert_eq!(cache.ids.len(), 1);
    }
}
