//! The part of a store that the refresh engine uses.

use super::cipher::DecryptError;
use crate::grant::{Grant, GrantId};
use async_trait::async_trait;

/// The stored grants.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Returns the grant as it is stored now.
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError>;

    /// Stores the grant if the stored row has the version before it. Returns
    /// whether it was stored.
    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError>;
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
