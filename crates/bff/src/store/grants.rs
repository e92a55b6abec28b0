//! Grants: one row each, replaced by compare-and-set.

use super::{
    GrantStore, SqlStore, StoreError,
    database::{Columns, Value},
};
use crate::grant::{Grant, GrantId, GrantStatus, Lease, PendingRefresh};
use async_trait::async_trait;

#[async_trait]
impl GrantStore for SqlStore {
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let row = self
            .database
            .fetch(("SELECT * FROM grants WHERE id = $1", &[id.into()]))
            .await?;
        row.map(|row| self.grant(row.as_ref())).transpose()
    }

    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError> {
        let (dead, doubtful) = status(grant);
        let (lease, pending) = (grant.lease.as_ref(), grant.pending.as_ref());
        let sealed = self.encrypt.close(&name(&grant.id), &grant.tokens)?;
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
                    doubtful,
                    lease.map(|lease| lease.holder.as_str()).into(),
                    lease.map(|lease| lease.until).into(),
                    pending.map(|pending| pending.attempt.as_str()).into(),
                    pending.map(|pending| pending.generation).into(),
                    pending.map(|pending| pending.at).into(),
                    sealed.as_slice().into(),
                    (&grant.id).into(),
                    grant.version.saturating_sub(1).into(),
                ],
            ))
            .await?;
        Ok(replaced == 1)
    }
}

impl SqlStore {
    fn grant(&self, row: &dyn Columns) -> Result<Grant, StoreError> {
        let id = GrantId(row.text("id")?);
        let tokens = self.encrypt.open(&name(&id), &row.bytes("sealed")?)?;
        let status = match (
            row.maybe_text("dead_because")?,
            row.maybe_number("doubtful_since")?,
        ) {
            (Some(reason), _) => GrantStatus::Dead(reason),
            (None, Some(since)) => GrantStatus::Ambiguous(since),
            (None, None) => GrantStatus::Active,
        };
        Ok(Grant {
            provider: row.text("provider")?,
            version: row.number("version")?,
            generation: row.number("generation")?,
            serial: row.number("serial")?,
            status,
            lease: row
                .maybe_text("lease_holder")?
                .zip(row.maybe_number("lease_until")?)
                .map(|(holder, until)| Lease { holder, until }),
            pending: row
                .maybe_text("intent_attempt")?
                .zip(row.maybe_number("intent_generation")?)
                .zip(row.maybe_number("intent_at")?)
                .map(|((attempt, generation), at)| PendingRefresh {
                    attempt,
                    generation,
                    at,
                }),
            tokens,
            id,
        })
    }
}

pub(super) const INSERT: &str = "INSERT INTO grants (id, provider, version, generation, serial,
        dead_because, doubtful_since, sealed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// The values of a new grant's row, for [`INSERT`].
pub(super) fn new_row<'a>(grant: &'a Grant, sealed: &'a [u8]) -> [Value<'a>; 8] {
    let (dead, doubtful) = status(grant);
    [
        (&grant.id).into(),
        grant.provider.as_str().into(),
        grant.version.into(),
        grant.generation.into(),
        grant.serial.into(),
        dead,
        doubtful,
        sealed.into(),
    ]
}

/// `dead_because` and `doubtful_since`.
fn status(grant: &Grant) -> (Value<'_>, Value<'_>) {
    let (dead, doubtful) = match &grant.status {
        GrantStatus::Active => (None, None),
        GrantStatus::Ambiguous(since) => (None, Some(*since)),
        GrantStatus::Dead(reason) => (Some(reason.as_str()), None),
    };
    (Value::Text(dead), Value::Number(doubtful))
}

/// The name that a grant's tokens are sealed for: moved to another row they
/// do not open.
pub(super) fn name(id: &GrantId) -> String {
    format!("grant {}", id.0)
}

impl<'a> From<&'a GrantId> for Value<'a> {
    fn from(id: &'a GrantId) -> Self {
        Self::Text(Some(&id.0))
    }
}
