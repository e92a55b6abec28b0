//! Postgres, for several replicas.

use super::open_error::{OpenError, migration};
use sqlx::{
    ConnectOptions, Connection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The number of connections of one process. Statements are short: more
/// connections would only move the queue into the database.
const CONNECTIONS: u32 = 16;

/// How long to wait for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// A connection that was used within this time is not tested before use.
const IDLE: Duration = Duration::from_secs(1);

pub(super) async fn connect(options: PgConnectOptions) -> Result<PgPool, OpenError> {
    let options = options.application_name("confidant");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(WAIT)
        // A test before each statement would double its round trips.
        .test_before_acquire(false)
        .before_acquire(|connection, state| {
            Box::pin(async move {
                if state.idle_for > IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options.clone())
        .await;
    let pool = match pool {
        Ok(pool) => pool,
        // The pool has tried repeatedly, and does not report the reason.
        Err(sqlx::Error::PoolTimedOut) => {
            let reason = tokio::time::timeout(WAIT, options.connect()).await;
            let reason = reason.ok().and_then(Result::err);
            let error = reason.unwrap_or(sqlx::Error::PoolTimedOut);
            return Err(OpenError::Store(error.into()));
        }
        Err(error) => return Err(OpenError::Store(error.into())),
    };
    // Replicas that start together take turns: the migrator holds a lock.
    match MIGRATIONS.run(&pool).await {
        Ok(()) => Ok(pool),
        Err(error) => Err(migration(&MIGRATIONS, error)),
    }
}
