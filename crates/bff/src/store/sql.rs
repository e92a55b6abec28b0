//! The store over a SQL database: logins and sessions.

use super::{
    Store, StoreError,
    database::{Database, Value},
    grant_row,
    revocations::{EndedSession, QUEUE_ENDED},
    row_cipher::RowCipher,
};
use crate::{
    digest::Digest,
    grant::{Grant, GrantId},
    login::PendingLogin,
    revocation::RevocationReason,
    session::SessionRecord,
};
use async_trait::async_trait;
use confidant_wire::UnixMillis;

/// The row name that pending logins are encrypted for. It is the same for all,
/// because each is found by two digests of its own.
const LOGIN: &str = "login";

const INSERT_SESSION: &str = "INSERT INTO sessions (digest, grant_id, kind, subject, name,
        created_at, last_seen, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Returns the values of a session's row, for [`INSERT_SESSION`].
fn new_row(session: &SessionRecord) -> [Value<'_>; 8] {
    [
        session.digest.bytes().into(),
        (&session.grant).into(),
        session.kind.id().into(),
        session.subject.as_str().into(),
        session.name.as_str().into(),
        session.created_at.into(),
        session.last_seen.into(),
        session.expires_at.into(),
    ]
}

/// A store in SQLite or Postgres. The statements are the same.
pub(super) struct SqlStore {
    pub(super) database: Box<dyn Database>,
    pub(super) cipher: RowCipher,
}

#[async_trait]
impl Store for SqlStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.database.fetch(("SELECT 1", &[])).await?;
        Ok(())
    }

    async fn save_login(
        &self,
        state: &Digest,
        binding: &Digest,
        login: &PendingLogin,
    ) -> Result<(), StoreError> {
        let encrypted = self.cipher.encrypt(LOGIN, login)?;
        self.database
            .execute((
                "INSERT INTO logins (state_digest, binding_digest, sealed, expires_at)
                 VALUES ($1, $2, $3, $4)",
                &[
                    state.bytes().into(),
                    binding.bytes().into(),
                    encrypted.as_slice().into(),
                    login.expires_at.into(),
                ],
            ))
            .await?;
        Ok(())
    }

    async fn take_login(
        &self,
        state: &Digest,
        binding: &Digest,
        now: UnixMillis,
    ) -> Result<Option<PendingLogin>, StoreError> {
        let row = self
            .database
            .fetch((
                "DELETE FROM logins WHERE state_digest = $1 AND binding_digest = $2
                 RETURNING sealed",
                &[state.bytes().into(), binding.bytes().into()],
            ))
            .await?;
        let Some(row) = row else { return Ok(None) };
        match self
            .cipher
            .decrypt::<PendingLogin>(LOGIN, &row.bytes("sealed")?)
        {
            Ok(login) => Ok((login.expires_at > now).then_some(login)),
            Err(error) => {
                tracing::error!(%error, "a pending login cannot be decrypted: the user has to sign in again");
                Ok(None)
            }
        }
    }

    async fn delete_logins(&self, binding: &Digest) -> Result<(), StoreError> {
        let delete = "DELETE FROM logins WHERE binding_digest = $1";
        let values = [binding.bytes().into()];
        self.database.execute((delete, &values)).await?;
        Ok(())
    }

    async fn begin_session(
        &self,
        session: &SessionRecord,
        grant: &Grant,
    ) -> Result<(), StoreError> {
        let encrypted = grant_row::encrypt(grant, &self.cipher)?;
        let new_grant = grant_row::new_row(grant, &encrypted);
        let new_session = new_row(session);
        self.database
            .execute_all(&[
                (grant_row::INSERT, &new_grant),
                (INSERT_SESSION, &new_session),
            ])
            .await?;
        Ok(())
    }

    async fn replace_session(
        &self,
        old: &SessionRecord,
        reason: RevocationReason,
        session: &SessionRecord,
        grant: &Grant,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let encrypted = grant_row::encrypt(grant, &self.cipher)?;
        let new_grant = grant_row::new_row(grant, &encrypted);
        let new_session = new_row(session);
        // The end of the old session comes first: its row locks decide between
        // this and a concurrent sign-out.
        let ended = EndedSession::new(&old.grant, reason, now, now);
        let [first, second, third, fourth] = ended.statements();
        let replaced = self
            .database
            .execute_all(&[
                first,
                second,
                third,
                fourth,
                (grant_row::INSERT, &new_grant),
                (INSERT_SESSION, &new_session),
            ])
            .await?;
        Ok(replaced.is_some())
    }

    async fn find_session(&self, digest: &Digest) -> Result<Option<SessionRecord>, StoreError> {
        let row = self
            .database
            .fetch((
                "SELECT sessions.*, grants.provider FROM sessions
                 JOIN grants ON grants.id = sessions.grant_id WHERE digest = $1",
                &[digest.bytes().into()],
            ))
            .await?;
        let Some(row) = row else { return Ok(None) };
        let Ok(kind) = row.text("kind")?.parse() else {
            return Ok(None);
        };
        Ok(Some(SessionRecord {
            digest: *digest,
            grant: GrantId(row.text("grant_id")?),
            provider: row.text("provider")?,
            kind,
            subject: row.text("subject")?,
            name: row.text("name")?,
            created_at: row.number("created_at")?,
            last_seen: row.number("last_seen")?,
            expires_at: row.number("expires_at")?,
        }))
    }

    async fn touch_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.database
            .execute((
                "UPDATE sessions SET last_seen = $1, expires_at = $2 WHERE digest = $3",
                &[
                    session.last_seen.into(),
                    session.expires_at.into(),
                    session.digest.bytes().into(),
                ],
            ))
            .await?;
        Ok(())
    }

    async fn end_session(
        &self,
        session: &SessionRecord,
        reason: RevocationReason,
        now: UnixMillis,
        due: UnixMillis,
    ) -> Result<bool, StoreError> {
        let ended = EndedSession::new(&session.grant, reason, now, due);
        let ended = self.database.execute_all(&ended.statements()).await?;
        Ok(ended.is_some())
    }

    async fn sweep(&self, now: UnixMillis) -> Result<u64, StoreError> {
        let logins = "DELETE FROM logins WHERE expires_at <= $1";
        self.database.execute((logins, &[now.into()])).await?;
        let reason = RevocationReason::Expired.id();
        // The first statement locks the rows of the sessions and marks them, so
        // that the others find the same ones.
        let deleted = self
            .database
            .execute_all(&[
                (
                    "UPDATE sessions SET expires_at = 0 WHERE expires_at <= $1",
                    &[now.into()],
                ),
                (
                    "UPDATE grants SET version = version + 1 WHERE id IN
                        (SELECT grant_id FROM sessions WHERE expires_at = 0)",
                    &[],
                ),
                (QUEUE_ENDED, &[reason.into(), now.into(), now.into()]),
                (
                    "DELETE FROM grants WHERE id IN
                        (SELECT grant_id FROM sessions WHERE expires_at = 0)",
                    &[],
                ),
            ])
            .await?;
        Ok(deleted.unwrap_or(0))
    }

    async fn count_sessions(&self) -> Result<u64, StoreError> {
        let count = ("SELECT count(*) AS many FROM sessions", [].as_slice());
        match self.database.fetch(count).await? {
            Some(row) => row.number("many"),
            None => Ok(0),
        }
    }
}
