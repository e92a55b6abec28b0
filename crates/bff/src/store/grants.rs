//! Stored grants, replaced by compare-and-set.

use super::{
    ended_session::QUEUE_ONE,
    grant_row,
    grant_store::{GrantStore, StoreError},
    sql::SqlStore,
};
use crate::{
    grant::{Grant, GrantId, GrantStatus, Tokens},
    revocation::RevocationReason,
};
use async_trait::async_trait;
use confidant_wire::UnixMillis;

const REPLACE: &str = "UPDATE grants SET version = $1, generation = $2, serial = $3,
        dead_because = $4, doubtful_since = $5, lease_holder = $6, lease_until = $7,
        intent_attempt = $8, intent_generation = $9, intent_at = $10, sealed = $11
     WHERE id = $12 AND version = $13";

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

    async fn replace(&self, grant: &Grant, now: UnixMillis) -> Result<bool, StoreError> {
        let (dead, ambiguous) = grant_row::status(grant);
        let (lease, pending) = (grant.lease.as_ref(), grant.pending.as_ref());
        let is_dead = matches!(grant.status, GrantStatus::Dead(_));
        let encrypted = if is_dead {
            grant_row::encrypt(&grant.without_tokens(), &self.cipher)?
        } else {
            grant_row::encrypt(grant, &self.cipher)?
        };
        let values = [
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
        ];
        let replace = (REPLACE, values.as_slice());
        if !is_dead || grant.tokens == Tokens::default() {
            return Ok(self.database.execute(replace).await? == 1);
        }
        let reason = RevocationReason::Dead.id();
        let queued = [reason.into(), now.into(), now.into(), (&grant.id).into()];
        // If the row has changed since it was read, `replace` finds none and
        // the tokens are not queued.
        let lock = "UPDATE sessions SET expires_at = expires_at WHERE grant_id = $1";
        let replaced = self
            .database
            .execute_all(&[(lock, &[(&grant.id).into()]), (QUEUE_ONE, &queued), replace])
            .await?;
        Ok(replaced.is_some())
    }

    async fn revoke_unused(&self, grant: &Grant, now: UnixMillis) -> Result<(), StoreError> {
        self.queue_unused(grant, now).await
    }
}
