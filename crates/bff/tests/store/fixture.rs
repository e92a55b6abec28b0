//! A database for each test.

use confidant_bff::{
    SystemRandom, keygen,
    store::{OpenError, Store, StoreUrl, TokenCipher, open},
};
use confidant_test_support::postgres::{SharedServer, shared_server};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};
use std::{path::Path, sync::Arc};
use tempfile::TempDir;

/// A database, and the keys that encrypt its contents.
pub(crate) struct Fixture {
    url: String,
    keys: String,
    database: Database,
}

enum Database {
    Sqlite(TempDir),
    Postgres {
        admin: PgPool,
        name: String,
        /// Stopped when no test uses it any more.
        _server: SharedServer,
    },
}

impl Fixture {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite:{}", folder.path().join("store.db").display()),
            keys: keygen(&SystemRandom),
            database: Database::Sqlite(folder),
        }
    }

    /// Creates a database on the server that the tests share. Returns `None` if there
    /// is no Postgres.
    pub(crate) async fn postgres(test: &str) -> Option<Self> {
        let shared = shared_server(test).unwrap()?;
        let server = shared.url();
        let admin = PgPool::connect(&server).await.unwrap();
        let name = format!("confidant_{:016x}", rand::random::<u64>());
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&admin)
            .await
            .unwrap();
        Some(Self {
            url: url.into(),
            keys: keygen(&SystemRandom),
            database: Database::Postgres {
                admin,
                name,
                _server: shared,
            },
        })
    }

    /// Deletes the database.
    pub(crate) async fn delete(self) {
        if let Database::Postgres { admin, name, .. } = self.database {
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::raw_sql(AssertSqlSafe(drop))
                .execute(&admin)
                .await
                .unwrap();
        }
    }

    pub(crate) fn url(&self) -> StoreUrl {
        self.url.parse().unwrap()
    }

    pub(crate) fn url_text(&self) -> &str {
        &self.url
    }

    /// Returns the folder that contains only the files of the SQLite database.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match &self.database {
            Database::Sqlite(folder) => Some(folder.path()),
            Database::Postgres { .. } => None,
        }
    }

    pub(crate) fn keys(&self) -> &str {
        &self.keys
    }

    /// Opens the store with connections of its own, as another process does.
    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        self.open_with(&self.keys).await.unwrap()
    }

    pub(crate) async fn open_with(&self, keys: &str) -> Result<Arc<dyn Store>, OpenError> {
        open_at(&self.url(), keys).await
    }

    /// Returns a literal for bytes that are not encrypted.
    pub(crate) fn garbage(&self) -> String {
        self.literal(&[0, 255, 0, 255])
    }

    /// Returns a literal for this text, encrypted for this row.
    pub(crate) fn encrypted(&self, row: &str, text: &str) -> String {
        let cipher = TokenCipher::parse(&self.keys).unwrap();
        self.literal(&cipher.encrypt(row, text.as_bytes(), &SystemRandom))
    }

    /// Returns a literal for these bytes.
    pub(crate) fn literal(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        match self.database {
            Database::Sqlite(_) => format!("X'{hex}'"),
            Database::Postgres { .. } => format!(r"'\x{hex}'"),
        }
    }

    /// Executes a statement without the store.
    pub(crate) async fn execute(&self, sql: &str) {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self.database {
            Database::Sqlite(_) => {
                let pool = SqlitePool::connect(&self.url).await.unwrap();
                query.execute(&pool).await.unwrap();
                pool.close().await;
            }
            Database::Postgres { .. } => {
                let pool = PgPool::connect(&self.url).await.unwrap();
                query.execute(&pool).await.unwrap();
                pool.close().await;
            }
        }
    }

    /// Changes a setting of the Postgres database, and ends every connection that
    /// has the old setting.
    pub(crate) async fn alter(&self, setting: &str) {
        let Database::Postgres { admin, name, .. } = &self.database else {
            panic!("SQLite has no such settings");
        };
        for sql in [
            format!("ALTER DATABASE {name} {setting}"),
            format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ),
        ] {
            let query = sqlx::raw_sql(AssertSqlSafe(sql));
            query.execute(admin).await.unwrap();
        }
    }

    /// Returns the number of rows of a table.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        match self.database {
            Database::Sqlite(_) => {
                let pool = SqlitePool::connect(&self.url).await.unwrap();
                let row = sqlx::raw_sql(sql).fetch_one(&pool).await.unwrap();
                pool.close().await;
                row.get(0)
            }
            Database::Postgres { .. } => {
                let pool = PgPool::connect(&self.url).await.unwrap();
                let row = sqlx::raw_sql(sql).fetch_one(&pool).await.unwrap();
                pool.close().await;
                row.get(0)
            }
        }
    }

    /// Returns the contents of the database as an attacker reads them from the disk.
    pub(crate) async fn dump(&self) -> Vec<u8> {
        match &self.database {
            Database::Sqlite(folder) => std::fs::read_dir(folder.path())
                .unwrap()
                .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
                .collect(),
            Database::Postgres { .. } => {
                let pool = PgPool::connect(&self.url).await.unwrap();
                let mut dump = Vec::new();
                for table in ["grants", "sessions", "logins", "revocations"] {
                    let sql = format!("COPY {table} TO STDOUT (FORMAT binary)");
                    let mut connection = pool.acquire().await.unwrap();
                    let mut rows = connection.copy_out_raw(&sql).await.unwrap();
                    while let Some(part) = rows.try_next().await.unwrap() {
                        dump.extend_from_slice(&part);
                    }
                }
                dump
            }
        }
    }
}

/// Opens the store at this URL with these keys.
pub(crate) async fn open_at(url: &StoreUrl, keys: &str) -> Result<Arc<dyn Store>, OpenError> {
    let cipher = TokenCipher::parse(keys).unwrap();
    open(url, Arc::new(cipher), Arc::new(SystemRandom)).await
}
