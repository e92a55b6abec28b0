//! Revocation of the tokens of ended sessions (RFC 7009).
//!
//! The transaction that ends a session moves its tokens to a queue, so that a
//! crash, a lost connection or an unavailable provider delays the revocation
//! and never loses it. Any process that shares the store works the queue off.
//!
//! - `queued`: an entry of the queue
//! - `attempt`: carries out one entry
//! - `worker`: works off the queue
//! - `schedule`: when a failed attempt is repeated

mod attempt;
mod queued;
mod schedule;
pub(crate) mod worker;

pub(crate) use attempt::revoke_now;
pub use queued::{QueuedRevocation, RevocationQueueLength, RevocationReason};
pub(crate) use schedule::claim_duration;
