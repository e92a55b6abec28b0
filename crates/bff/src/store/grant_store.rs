//! The part of a store that the refresh engine uses.

use super::{DecryptError, Grant, GrantId};
use async_trait::async_trait;

/// Where grants are kept.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// The grant as it is stored at this moment.
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError>;

    /// Stores the grant if the stored row is of the version before it, and
    /// says whether it did.
    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError>;
}

/// The store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or not as it should.
    #[error("the database failed: {0}")]
    Unavailable(String),
    /// A sealed column does not open.
    #[error(transparent)]
    Decrypt(#[from] DecryptError),
}
