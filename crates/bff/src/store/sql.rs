//! The store over a SQL database: logins and sessions.

use super::{
    Store, StoreError,
    database::Database,
    ended_session::{EndedSession, QUEUE_ENDED},
    grant_row,
    row_cipher::RowCipher,
    session_row,
};
use crate::{
    digest::Digest, grant::Grant, login::PendingLogin, revocation::RevocationReason,
    session::SessionRecord,
};
use async_trait::async_trait;
use confidant_wire::UnixMillis;

/// Returns the name of the row that a pending login is encrypted for. Copied into
/// another row, it cannot be decrypted.
fn login_name(state: &Digest, binding: &Digest) -> String {
    format!("login {} {}", state.to_hex(), binding.to_hex())
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
        let encrypted = self.cipher.encrypt(&login_name(state, binding), login)?;
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
            .decrypt::<PendingLogin>(&login_name(state, binding), &row.bytes("sealed")?)
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
        let encrypted_session = session_row::encrypt(session, &self.cipher)?;
        let new_session = session_row::new_row(session, &encrypted_session);
        self.database
            .execute_all(&[
                (grant_row::INSERT, &new_grant),
                (session_row::INSERT, &new_session),
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
        let encrypted_session = session_row::encrypt(session, &self.cipher)?;
        let new_session = session_row::new_row(session, &encrypted_session);
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
                (session_row::INSERT, &new_session),
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
        row.map_or(Ok(None), |row| {
            session_row::read(digest, row.as_ref(), &self.cipher)
        })
    }

    async fn touch_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        // With the newest key: an old one is not needed for sessions in use.
        let encrypted = session_row::encrypt(session, &self.cipher)?;
        self.database
            .execute((
                "UPDATE sessions SET last_seen = $1, expires_at = $2, sealed = $3
                 WHERE digest = $4",
                &[
                    session.last_seen.into(),
                    session.expires_at.into(),
                    encrypted.as_slice().into(),
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
