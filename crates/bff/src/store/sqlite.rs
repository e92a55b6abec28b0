//! SQLite, in one file.

use super::{GrantStore, Store, StoreError, grant_row};
use crate::{
    digest::Digest,
    grant::{Grant, GrantId, Intent, Lease, Standing, Vault, vault::Unsealable},
    login::PendingLogin,
    random::Random,
    session::Session,
};
use async_trait::async_trait;
use sqlx::{
    Row, SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use std::{str::FromStr, sync::Arc, time::Duration};
use wire::UnixMillis;

/// The store; cheap to clone.
#[derive(Clone)]
pub struct Sqlite {
    pool: SqlitePool,
    vault: Arc<Vault>,
    random: Arc<dyn Random>,
}

impl Sqlite {
    /// Opens the database at this URL (`sqlite:FILE`), makes it if it is not
    /// there, and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be opened, or was made by a newer version.
    pub async fn open(
        url: &str,
        vault: Arc<Vault>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(failed)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A rotated refresh token that a power cut forgets is a lost session.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await
            .map_err(failed)?;
        sqlx::migrate!("migrations/sqlite")
            .run(&pool)
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self {
            pool,
            vault,
            random,
        })
    }

    fn seal(&self, row: &str, value: &impl serde::Serialize) -> Result<Vec<u8>, StoreError> {
        let text = serde_json::to_vec(value)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(self.vault.seal(row, &text, self.random.as_ref()))
    }

    fn unseal<T: serde::de::DeserializeOwned>(
        &self,
        row: &str,
        sealed: &[u8],
    ) -> Result<T, StoreError> {
        let text = self.vault.unseal(row, sealed)?;
        serde_json::from_slice(&text).map_err(|_| Unsealable.into())
    }

    fn grant(&self, row: &SqliteRow) -> Result<Grant, StoreError> {
        let id = GrantId(row.try_get("id").map_err(failed)?);
        let sealed: Vec<u8> = row.try_get("sealed").map_err(failed)?;
        let number = |name: &str| whole(row, name);
        let dead: Option<String> = row.try_get("dead_because").map_err(failed)?;
        let standing = match (dead, number("doubtful_since")?) {
            (Some(reason), _) => Standing::Dead(reason),
            (None, Some(since)) => Standing::Doubtful(since),
            (None, None) => Standing::Living,
        };
        let holder: Option<String> = row.try_get("lease_holder").map_err(failed)?;
        let attempt: Option<String> = row.try_get("intent_attempt").map_err(failed)?;
        Ok(Grant {
            tokens: self.unseal(&grant_row(&id), &sealed)?,
            provider: row.try_get("provider").map_err(failed)?,
            version: number("version")?.unwrap_or_default(),
            generation: number("generation")?.unwrap_or_default(),
            serial: number("serial")?.unwrap_or_default(),
            standing,
            lease: holder
                .zip(number("lease_until")?)
                .map(|(holder, until)| Lease { holder, until }),
            intent: attempt
                .zip(number("intent_generation")?)
                .zip(number("intent_at")?)
                .map(|((attempt, generation), at)| Intent {
                    attempt,
                    generation,
                    at,
                }),
            id,
        })
    }
}

fn failed(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// SQLite's integers are signed; ours are times and counts.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn whole(row: &SqliteRow, name: &str) -> Result<Option<u64>, StoreError> {
    let number: Option<i64> = row.try_get(name).map_err(failed)?;
    Ok(number.and_then(|number| u64::try_from(number).ok()))
}

#[async_trait]
impl GrantStore for Sqlite {
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        sqlx::query("SELECT * FROM grants WHERE id = ?")
            .bind(&id.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?
            .map(|row| self.grant(&row))
            .transpose()
    }

    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError> {
        let (dead, doubtful) = standing(grant);
        let done = sqlx::query(
            "UPDATE grants SET version = ?, generation = ?, serial = ?, dead_because = ?,
                doubtful_since = ?, lease_holder = ?, lease_until = ?, intent_attempt = ?,
                intent_generation = ?, intent_at = ?, sealed = ?
             WHERE id = ? AND version = ?",
        )
        .bind(signed(grant.version))
        .bind(signed(grant.generation))
        .bind(signed(grant.serial))
        .bind(dead)
        .bind(doubtful)
        .bind(grant.lease.as_ref().map(|lease| &lease.holder))
        .bind(grant.lease.as_ref().map(|lease| signed(lease.until)))
        .bind(grant.intent.as_ref().map(|intent| &intent.attempt))
        .bind(
            grant
                .intent
                .as_ref()
                .map(|intent| signed(intent.generation)),
        )
        .bind(grant.intent.as_ref().map(|intent| signed(intent.at)))
        .bind(self.seal(&grant_row(&grant.id), &grant.tokens)?)
        .bind(&grant.id.0)
        .bind(signed(grant.version.saturating_sub(1)))
        .execute(&self.pool)
        .await
        .map_err(failed)?;
        Ok(done.rows_affected() == 1)
    }
}

fn standing(grant: &Grant) -> (Option<&String>, Option<i64>) {
    match &grant.standing {
        Standing::Living => (None, None),
        Standing::Doubtful(since) => (None, Some(signed(*since))),
        Standing::Dead(reason) => (Some(reason), None),
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1")
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn save_login(
        &self,
        state: &Digest,
        binding: &Digest,
        login: &PendingLogin,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO logins (state_digest, binding_digest, sealed, expires_at) VALUES (?, ?, ?, ?)")
            .bind(state.bytes())
            .bind(binding.bytes())
            .bind(self.seal("login", login)?)
            .bind(signed(login.expires_at))
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn take_login(
        &self,
        state: &Digest,
        binding: &Digest,
        now: UnixMillis,
    ) -> Result<Option<PendingLogin>, StoreError> {
        let row = sqlx::query(
            "DELETE FROM logins WHERE state_digest = ? AND binding_digest = ? RETURNING sealed",
        )
        .bind(state.bytes())
        .bind(binding.bytes())
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get("sealed").map_err(failed)?;
        let login: PendingLogin = self.unseal("login", &sealed)?;
        Ok((login.expires_at > now).then_some(login))
    }

    async fn begin_session(&self, session: &Session, grant: &Grant) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        let (dead, doubtful) = standing(grant);
        sqlx::query(
            "INSERT INTO grants (id, provider, version, generation, serial, dead_because,
                doubtful_since, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&grant.id.0)
        .bind(&grant.provider)
        .bind(signed(grant.version))
        .bind(signed(grant.generation))
        .bind(signed(grant.serial))
        .bind(dead)
        .bind(doubtful)
        .bind(self.seal(&grant_row(&grant.id), &grant.tokens)?)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query(
            "INSERT INTO sessions (digest, grant_id, kind, subject, name, created_at, last_seen,
                expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(session.digest.bytes())
        .bind(&session.grant.0)
        .bind(session.kind.id())
        .bind(&session.subject)
        .bind(&session.name)
        .bind(signed(session.created_at))
        .bind(signed(session.last_seen))
        .bind(signed(session.expires_at))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn find_session(&self, digest: &Digest) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(
            "SELECT sessions.*, grants.provider FROM sessions
             JOIN grants ON grants.id = sessions.grant_id WHERE digest = ?",
        )
        .bind(digest.bytes())
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let kind: String = row.try_get("kind").map_err(failed)?;
        let Ok(kind) = kind.parse() else {
            return Ok(None);
        };
        Ok(Some(Session {
            digest: *digest,
            grant: GrantId(row.try_get("grant_id").map_err(failed)?),
            provider: row.try_get("provider").map_err(failed)?,
            kind,
            subject: row.try_get("subject").map_err(failed)?,
            name: row.try_get("name").map_err(failed)?,
            created_at: whole(&row, "created_at")?.unwrap_or_default(),
            last_seen: whole(&row, "last_seen")?.unwrap_or_default(),
            expires_at: whole(&row, "expires_at")?.unwrap_or_default(),
        }))
    }

    async fn touch_session(&self, session: &Session) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET last_seen = ?, expires_at = ? WHERE digest = ?")
            .bind(signed(session.last_seen))
            .bind(signed(session.expires_at))
            .bind(session.digest.bytes())
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn end_session(&self, session: &Session) -> Result<(), StoreError> {
        // The session goes along: its row refers to the grant's.
        sqlx::query("DELETE FROM grants WHERE id = ?")
            .bind(&session.grant.0)
            .execute(&self.pool)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn sweep(&self, now: UnixMillis) -> Result<(), StoreError> {
        for query in [
            "DELETE FROM logins WHERE expires_at <= ?",
            "DELETE FROM grants WHERE id IN (SELECT grant_id FROM sessions WHERE expires_at <= ?)",
        ] {
            sqlx::query(query)
                .bind(signed(now))
                .execute(&self.pool)
                .await
                .map_err(failed)?;
        }
        Ok(())
    }
}
