//! The queue of tokens to revoke.

use super::grant_store::StoreError;
use crate::{
    grant::GrantId,
    revocation::{QueuedRevocation, RevocationQueueLength},
};
use async_trait::async_trait;
use confidant_wire::UnixMillis;

/// The tokens of ended sessions that are to be revoked at their provider. The
/// methods that end a session add to it.
#[async_trait]
pub trait RevocationQueue: Send + Sync {
    /// Claims an entry that is due now: until `until`, no other call returns it.
    async fn claim_revocation(
        &self,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError>;

    /// Returns the entry of a grant that is claimed until this time.
    async fn claimed_revocation(
        &self,
        grant: &GrantId,
        until: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError>;

    /// Sets the time of the next attempt, unless another process has claimed the
    /// entry by now.
    async fn postpone_revocation(
        &self,
        revocation: &QueuedRevocation,
        due: UnixMillis,
    ) -> Result<(), StoreError>;

    /// Removes an entry, unless another process has claimed it by now.
    async fn remove_revocation(&self, revocation: &QueuedRevocation) -> Result<(), StoreError>;

    /// Returns the length of the queue.
    async fn revocation_queue_length(&self) -> Result<RevocationQueueLength, StoreError>;
}
