//! The age of a grant's token, by the platform's clocks.

use super::{
    age::{Observation, age},
    grant::Grant,
    stored_tokens::StoredTokens,
};
use crate::platform::{Platform, Timestamps};
use confidant_protocol::Reuse;
use std::{cell::RefCell, rc::Rc};

/// Measures the age of tokens. It remembers when this page first saw the newest
/// one.
#[derive(Clone)]
pub(crate) struct TokenClock<P> {
    platform: P,
    first_seen: Rc<RefCell<Option<Observation>>>,
}

impl<P: Platform> TokenClock<P> {
    pub(crate) fn new(platform: P) -> Self {
        Self {
            platform,
            first_seen: Rc::default(),
        }
    }

    /// Returns the age of the grant's token in milliseconds, if it is known.
    pub(crate) fn age(&self, grant: &Grant) -> Option<u64> {
        let now = self.platform.now();
        let first_seen = *self.first_seen.borrow();
        let first_seen = first_seen.filter(|seen| seen.sent_at == grant.sent_at);
        let age = age(grant.sent_at, now, first_seen);
        if let (None, Some(age)) = (first_seen, age) {
            *self.first_seen.borrow_mut() = Some(Observation {
                sent_at: grant.sent_at,
                age,
                at: now.steady,
            });
        }
        age
    }

    /// Remembers when the newest token was requested, by the steady clock too.
    pub(crate) fn requested(&self, sent: Timestamps) {
        *self.first_seen.borrow_mut() = Some(Observation {
            sent_at: sent.wall,
            age: 0,
            at: sent.steady,
        });
    }

    /// Returns the tokens of a grant. If the age is unknown, they count as
    /// expired.
    pub(crate) fn stored_tokens(&self, grant: &Grant, reuse: Reuse) -> StoredTokens {
        let now = self.platform.now().wall;
        let age = self.age(grant).or(grant.lifetime()).unwrap_or_default();
        StoredTokens::new(grant, reuse, age, now)
    }
}
