//! Stored grants, replaced by compare-and-set.

use super::{
    grant_row,
    grant_store::{GrantStore, StoreError},
    sql::SqlStore,
};
use crate::grant::{Grant, GrantId};
use async_trait::async_trait;

#[async_trait]
impl GrantStore for SqlStore {
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let row = self
            .database
            .fetch(("SELECT * FROM grants WHERE id = $1", &[id.into()]))
            .await?;
        row.map(|row| grant_row::read(row.as_ref(), &self.cipher))
            .transpose()
    }

    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError> {
        let (dead, ambiguous) = grant_row::status(grant);
        let (lease, pending) = (grant.lease.as_ref(), grant.pending.as_ref());
        let encrypted = grant_row::encrypt(grant, &self.cipher)?;
        let replaced = self
            .database
            .execute((
                "UPDATE grants SET version = $1, generation = $2, serial = $3,
                    dead_because = $4, doubtful_since = $5, lease_holder = $6, lease_until = $7,
                    intent_attempt = $8, intent_generation = $9, intent_at = $10, sealed = $11
                 WHERE id = $12 AND version = $13",
                &[
                    grant.version.into(),
                    grant.generation.into(),
                    grant.serial.into(),
                    dead,
                    ambiguous,
                    lease.map(|lease| lease.holder.as_str()).into(),
                    lease.map(|lease| lease.until).into(),
                    pending.map(|pending| pending.attempt.as_str()).into(),
                    pending.map(|pending| pending.generation).into(),
                    pending.map(|pending| pending.at).into(),
                    encrypted.as_slice().into(),
                    (&grant.id).into(),
                    grant.version.saturating_sub(1).into(),
                ],
            ))
            .await?;
        Ok(replaced == 1)
    }
}
