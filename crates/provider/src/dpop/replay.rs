//! Proofs that were seen: each is good once (RFC 9449 section 11.1).

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use super::proof::WINDOW;
use crate::{clock::UnixTime, digest::Digest};

/// The most proofs remembered.
const MOST: usize = 100_000;
/// How long: a proof from as far ahead as is accepted stays acceptable until
/// it is as far behind.
const REMEMBERED: Duration = WINDOW
    .saturating_mul(2)
    .saturating_add(Duration::from_secs(1));

/// Why a proof is not taken for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotNew {
    /// It was seen before.
    Seen,
    /// Nothing more can be remembered just now. To forget one in its place
    /// would let whoever sends many make room for a replay.
    Full,
}

/// The proofs seen lately. They are forgotten at a restart; the nonces of
/// before are refused after it.
pub(crate) struct SeenProofs {
    ids: HashSet<Digest>,
    /// The oldest first.
    order: VecDeque<(UnixTime, Digest)>,
    most: usize,
}

impl Default for SeenProofs {
    fn default() -> Self {
        Self::of_at_most(MOST)
    }
}

impl SeenProofs {
    fn of_at_most(most: usize) -> Self {
        Self {
            ids: HashSet::new(),
            order: VecDeque::new(),
            most,
        }
    }

    /// Remembers the proof `id`, unless it was seen before.
    pub(crate) fn note(&mut self, id: Digest, now: UnixTime) -> Result<(), NotNew> {
        while let Some((at, oldest)) = self.order.front()
            && now >= at.plus(REMEMBERED)
        {
            self.ids.remove(oldest);
            self.order.pop_front();
        }
        if self.ids.contains(&id) {
            return Err(NotNew::Seen);
        }
        if self.order.len() >= self.most {
            return Err(NotNew::Full);
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
        let mut seen = SeenProofs::default();
        assert_eq!(seen.note(Digest::of("one"), START), Ok(()));
        assert_eq!(seen.note(Digest::of("two"), START), Ok(()));
        let last = START.plus(WINDOW * 2);
        assert_eq!(seen.note(Digest::of("one"), last), Err(NotNew::Seen));
        assert_eq!(seen.note(Digest::of("one"), START.plus(REMEMBERED)), Ok(()));
    }

    #[test]
    fn many_proofs_make_no_room_for_a_replay() {
        let mut seen = SeenProofs::of_at_most(3);
        for id in ["one", "two", "three"] {
            seen.note(Digest::of(id), START).unwrap();
        }
        assert_eq!(seen.note(Digest::of("four"), START), Err(NotNew::Full));
        assert_eq!(seen.note(Digest::of("one"), START), Err(NotNew::Seen));
        assert_eq!(
            seen.note(Digest::of("four"), START.plus(REMEMBERED)),
            Ok(())
        );
        assert_eq!(seen.ids.len(), 1);
    }
}
