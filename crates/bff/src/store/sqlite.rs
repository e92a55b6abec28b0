//! SQLite, in one file.

use super::open_error::{OpenError, migration};
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

/// How long to wait for a connection, or for another process's lock.
const WAIT: Duration = Duration::from_secs(5);
/// The pause between two tries where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) async fn connect(options: SqliteConnectOptions) -> Result<SqlitePool, OpenError> {
    create(options.get_filename())?;
    let options = options
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // If a power cut loses a rotated refresh token, the session is lost.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(WAIT);
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(WAIT);
    let deadline = Instant::now() + WAIT;
    let pool = loop {
        match pool.clone().connect_with(options.clone()).await {
            // Two processes that start with the same new file both set its
            // journal mode, and for that SQLite does not wait by itself.
            Err(error) if is_busy(&error) && Instant::now() < deadline => sleep(PAUSE).await,
            outcome => break outcome.map_err(|error| OpenError::Store(error.into()))?,
        }
    };
    migrate(&pool).await?;
    Ok(pool)
}

/// Whether another connection has locked the file.
fn is_busy(error: &sqlx::Error) -> bool {
    /// SQLITE_BUSY. The higher bits contain its reason.
    const BUSY: i32 = 5;
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<i32>().ok())
        .is_some_and(|code| code & 0xff == BUSY)
}

/// Migrates the tables, one process at a time: the migrator itself locks
/// Postgres, but not SQLite.
async fn migrate(pool: &SqlitePool) -> Result<(), OpenError> {
    let store_error = |error: sqlx::Error| OpenError::Store(error.into());
    let mut transaction = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(store_error)?;
    if let Err(error) = MIGRATIONS.run(&mut *transaction).await {
        return Err(migration(&MIGRATIONS, error));
    }
    transaction.commit().await.map_err(store_error)
}

/// Creates the file if there is none, readable only by its owner, because it
/// contains the names of the signed-in users. SQLite creates its other files
/// with the same mode.
fn create(file: &Path) -> io::Result<()> {
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match created {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
