//! SQLite, in one file.

use super::open::{OpenError, migration};
use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::OpenOptions,
    io::{self, ErrorKind},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::{Duration, Instant},
};
use tokio::time::sleep;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a connection, or another process's lock, is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long until it is tried again, where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) async fn connect(options: SqliteConnectOptions) -> Result<SqlitePool, OpenError> {
    create(options.get_filename())?;
    let options = options
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A rotated refresh token that a power cut forgets is a lost session.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE);
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(PATIENCE);
    let over = Instant::now() + PATIENCE;
    let pool = loop {
        match pool.clone().connect_with(options.clone()).await {
            // Two processes that begin with one new file both set its journal
            // mode, and for that SQLite does not wait by itself.
            Err(error) if is_busy(&error) && Instant::now() < over => sleep(PAUSE).await,
            outcome => break outcome.map_err(|error| OpenError::Store(error.into()))?,
        }
    };
    update(&pool).await?;
    Ok(pool)
}

/// Whether another connection has the file for itself just now.
fn is_busy(error: &sqlx::Error) -> bool {
    /// SQLITE_BUSY; its reasons are told in the higher bits.
    const BUSY: i32 = 5;
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<i32>().ok())
        .is_some_and(|code| code & 0xff == BUSY)
}

/// Brings the tables up to date, one process at a time: the migrator itself
/// locks Postgres, but not SQLite.
async fn update(pool: &SqlitePool) -> Result<(), OpenError> {
    let failed = |error: sqlx::Error| OpenError::Store(error.into());
    let mut alone = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    if let Err(error) = MIGRATIONS.run(&mut *alone).await {
        return Err(migration(&MIGRATIONS, error));
    }
    alone.commit().await.map_err(failed)
}

/// Makes the file if it is not there, for its owner alone: who reads it learns
/// who is signed in. SQLite makes the files beside it with the same mode.
fn create(file: &Path) -> io::Result<()> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
