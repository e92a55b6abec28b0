//! The revocation queue over a SQL database.

use super::{
    database::Columns, grant_row, grant_store::StoreError, revocation_queue::RevocationQueue,
    sql::SqlStore,
};
use crate::{
    grant::{Grant, GrantId},
    revocation::{QueuedRevocation, RevocationQueueLength, RevocationReason},
};
use async_trait::async_trait;
use confidant_wire::{ClientKind, UnixMillis};

/// How long an entry that cannot be decrypted waits for the return of its key, in
/// milliseconds: a day.
const KEY_MISSING_PAUSE: u64 = 86_400_000;

const INSERT: &str = "INSERT INTO revocations (id, grant_id, provider, kind, reason, queued_at,
        due_at, attempts, sealed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)
     ON CONFLICT DO NOTHING";

/// The condition of the last two values keeps a claim of one process from being
/// overwritten by another.
const POSTPONE: &str = "UPDATE revocations SET due_at = $1 WHERE id = $2 AND due_at = $3";

impl SqlStore {
    /// Queues the tokens of a grant that has no row.
    pub(super) async fn queue_unused(
        &self,
        grant: &Grant,
        now: UnixMillis,
    ) -> Result<(), StoreError> {
        let encrypted = grant_row::encrypt(grant, &self.cipher)?;
        // Not the id that the end of the grant's session has used.
        let id = format!("{}.unused.{}", grant.id.0, grant.version);
        // No page has these tokens, whatever kind of client they are for.
        let (kind, reason) = (ClientKind::BFF, RevocationReason::Unused);
        let values = [
            id.as_str().into(),
            (&grant.id).into(),
            grant.provider.as_str().into(),
            kind.id().into(),
            reason.id().into(),
            now.into(),
            now.into(),
            encrypted.as_slice().into(),
        ];
        self.database.execute((INSERT, &values)).await?;
        Ok(())
    }

    /// Reads an entry, or puts it off if its key is missing.
    async fn read(&self, row: Box<dyn Columns>) -> Result<Option<QueuedRevocation>, StoreError> {
        let (id, grant) = (row.text("id")?, GrantId(row.text("grant_id")?));
        let claimed_until = row.number("due_at")?;
        let tokens = grant_row::decrypt(&grant, &row.bytes("sealed")?, &self.cipher);
        let (Ok(kind), Ok(reason), Ok(tokens)) = (
            row.text("kind")?.parse(),
            row.text("reason")?.parse(),
            tokens,
        ) else {
            tracing::error!(grant = %grant.0, "the tokens of an ended session cannot be decrypted, so they are not revoked");
            let due = claimed_until.saturating_add(KEY_MISSING_PAUSE);
            let values = [due.into(), id.as_str().into(), claimed_until.into()];
            self.database.execute((POSTPONE, &values)).await?;
            return Ok(None);
        };
        Ok(Some(QueuedRevocation {
            provider: row.text("provider")?,
            queued_at: row.number("queued_at")?,
            attempts: row.number("attempts")?,
            id,
            grant,
            kind,
            reason,
            claimed_until,
            tokens,
        }))
    }
}

#[async_trait]
impl RevocationQueue for SqlStore {
    async fn claim_revocation(
        &self,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError> {
        loop {
            let row = self
                .database
                .fetch((
                    "UPDATE revocations SET due_at = $1, attempts = attempts + 1
                     WHERE due_at <= $2 AND id =
                        (SELECT id FROM revocations WHERE due_at <= $2 ORDER BY due_at LIMIT 1)
                     RETURNING *",
                    &[until.into(), now.into()],
                ))
                .await?;
            let Some(row) = row else { return Ok(None) };
            if let Some(revocation) = self.read(row).await? {
                return Ok(Some(revocation));
            }
        }
    }

    async fn claimed_revocation(
        &self,
        grant: &GrantId,
        until: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError> {
        let select = "UPDATE revocations SET attempts = attempts + 1
             WHERE grant_id = $1 AND due_at = $2 RETURNING *";
        let row = self
            .database
            .fetch((select, &[grant.into(), until.into()]))
            .await?;
        match row {
            Some(row) => self.read(row).await,
            None => Ok(None),
        }
    }

    async fn postpone_revocation(
        &self,
        revocation: &QueuedRevocation,
        due: UnixMillis,
    ) -> Result<(), StoreError> {
        let (id, claimed_until) = (revocation.id.as_str(), revocation.claimed_until);
        let values = [due.into(), id.into(), claimed_until.into()];
        self.database.execute((POSTPONE, &values)).await?;
        Ok(())
    }

    async fn remove_revocation(&self, revocation: &QueuedRevocation) -> Result<(), StoreError> {
        self.database
            .execute((
                "DELETE FROM revocations WHERE id = $1 AND due_at = $2",
                &[
                    revocation.id.as_str().into(),
                    revocation.claimed_until.into(),
                ],
            ))
            .await?;
        Ok(())
    }

    async fn revocation_queue_length(&self) -> Result<RevocationQueueLength, StoreError> {
        let count = "SELECT count(*) AS queued,
                count(CASE WHEN attempts > 1 THEN 1 END) AS retrying
             FROM revocations";
        match self.database.fetch((count, &[])).await? {
            Some(row) => Ok(RevocationQueueLength {
                queued: row.number("queued")?,
                retrying: row.number("retrying")?,
            }),
            None => Ok(RevocationQueueLength::default()),
        }
    }
}
