//! The part of a store that the refresh engine uses.

use super::cipher::DecryptError;
use crate::grant::{Grant, GrantId};
use async_trait::async_trait;
use confidant_wire::UnixMillis;

/// The stored grants.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Returns the grant as it is stored now.
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError>;

    /// Stores the grant if the stored row has the version before it. Returns
    /// whether it was stored. The tokens of a dead grant are not stored: those
    /// of the stored row are queued for revocation.
    async fn replace(&self, grant: &Grant, now: UnixMillis) -> Result<bool, StoreError>;

    /// Queues the tokens of a grant for revocation that has no row, because its
    /// session has ended or was never started.
    async fn revoke_unused(&self, grant: &Grant, now: UnixMillis) -> Result<(), StoreError>;
}

/// Why an access to the store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not respond, or not as expected.
    #[error("the database failed: {0}")]
    Unavailable(String),
    /// An encrypted column cannot be decrypted.
    #[error(transparent)]
    Decrypt(#[from] DecryptError),
}
