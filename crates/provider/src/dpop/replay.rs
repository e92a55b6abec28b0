//! Proofs that were seen: each is good once (RFC 9449 section 11.1).

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use super::proof::TIME_TOLERANCE;
use crate::{clock::UnixTime, digest::Digest};

/// The most proofs remembered.
const MAX_PROOFS: usize = 100_000;
/// How long: a proof from as far ahead as is accepted stays acceptable until
/// it is as far behind.
const RETENTION: Duration = TIME_TOLERANCE
    .saturating_mul(2)
    .saturating_add(Duration::from_secs(1));

/// Why a proof is not taken for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplayError {
    /// It was seen before.
    AlreadyUsed,
    /// Nothing more can be remembered just now. To forget one in its place
    /// would let whoever sends many make room for a replay.
    Full,
}

/// The proofs seen lately. They are forgotten at a restart; the nonces of
/// before are refused after it.
pub(crate) struct ReplayCache {
    ids: HashSet<Digest>,
    /// The oldest first.
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

    /// Remembers the proof `id`, unless it was seen before.
    pub(crate) fn insert(&mut self, id: Digest, now: UnixTime) -> Result<(), ReplayError> {
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
    fn a_proof_is_new_once() {
        let mut seen = ReplayCache::default();
        assert_eq!(seen.insert(Digest::of("one"), START), Ok(()));
        assert_eq!(seen.insert(Digest::of("two"), START), Ok(()));
        let last = START.plus(TIME_TOLERANCE * 2);
        assert_eq!(
            seen.insert(Digest::of("one"), last),
            Err(ReplayError::AlreadyUsed)
        );
        assert_eq!(
            seen.insert(Digest::of("one"), START.plus(RETENTION)),
            Ok(())
        );
    }

    #[test]
    fn many_proofs_make_no_room_for_a_replay() {
        let mut seen = ReplayCache::with_capacity(3);
        for id in ["one", "two", "three"] {
            seen.insert(Digest::of(id), START).unwrap();
        }
        assert_eq!(
            seen.insert(Digest::of("four"), START),
            Err(ReplayError::Full)
        );
        assert_eq!(
            seen.insert(Digest::of("one"), START),
            Err(ReplayError::AlreadyUsed)
        );
        assert_eq!(
            seen.insert(Digest::of("four"), START.plus(RETENTION)),
            Ok(())
        );
        assert_eq!(seen.ids.len(), 1);
    }
}
