//! Postgres, for several replicas.

use super::open::{OpenError, migration};
use sqlx::{
    ConnectOptions, Connection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections of one process. Statements are short: more of them would only
/// queue elsewhere.
const CONNECTIONS: u32 = 16;

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that was used within this time is taken to be alive.
const IDLE: Duration = Duration::from_secs(1);

pub(super) async fn connect(options: PgConnectOptions) -> Result<PgPool, OpenError> {
    let options = options.application_name("confidant");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // To ask before each statement would double its way.
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
        // The pool has tried again and again, and keeps the reason to itself.
        Err(sqlx::Error::PoolTimedOut) => {
            let reason = tokio::time::timeout(PATIENCE, options.connect()).await;
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
