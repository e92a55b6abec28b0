//! A database of its own for each test, deleted after it.

use confidant_bff::{
    grant::Vault,
    keygen,
    random::SystemRandom,
    store::{OpenError, Store, StoreUrl, open},
};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};
use std::{io::Write, path::Path, sync::Arc};
use tempfile::TempDir;

/// Names a server where databases may be made and dropped.
const SERVER: &str = "CONFIDANT_TEST_POSTGRES";

/// A database, and the keys that seal what is in it.
pub(crate) struct Fixture {
    url: String,
    keys: String,
    database: Database,
}

enum Database {
    Folder(TempDir),
    Server { admin: PgPool, name: String },
}

impl Fixture {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite:{}", folder.path().join("store.db").display()),
            keys: keygen(&SystemRandom),
            database: Database::Folder(folder),
        }
    }

    /// None, and a word about it, where there is no server.
    #[allow(
        clippy::explicit_write,
        reason = "the test harness keeps what eprintln! prints"
    )]
    pub(crate) async fn postgres(fact: &str) -> Option<Self> {
        let Ok(server) = std::env::var(SERVER) else {
            writeln!(
                std::io::stderr(),
                "LEFT OUT, {SERVER} is not set: postgres::{fact}"
            )
            .unwrap();
            return None;
        };
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
            database: Database::Server { admin, name },
        })
    }

    /// Deletes it.
    pub(crate) async fn clear(self) {
        if let Database::Server { admin, name } = self.database {
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

    /// The folder that the database's files have for themselves.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match &self.database {
            Database::Folder(folder) => Some(folder.path()),
            Database::Server { .. } => None,
        }
    }

    pub(crate) fn keys(&self) -> &str {
        &self.keys
    }

    /// Opens it: a handle with connections of its own, as another process
    /// has them.
    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        self.open_with(&self.keys).await.unwrap()
    }

    pub(crate) async fn open_with(&self, keys: &str) -> Result<Arc<dyn Store>, OpenError> {
        open_at(&self.url(), keys).await
    }

    /// A literal for bytes that nobody sealed.
    pub(crate) fn garbage(&self) -> &'static str {
        match self.database {
            Database::Folder(_) => "X'00FF00FF'",
            Database::Server { .. } => r"'\x00FF00FF'",
        }
    }

    /// Carries out a statement behind the store's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self.database {
            Database::Folder(_) => {
                let pool = SqlitePool::connect(&self.url).await.unwrap();
                query.execute(&pool).await.unwrap();
                pool.close().await;
            }
            Database::Server { .. } => {
                let pool = PgPool::connect(&self.url).await.unwrap();
                query.execute(&pool).await.unwrap();
                pool.close().await;
            }
        }
    }

    /// Changes the server's settings for it, and ends every connection that
    /// began under the old ones.
    pub(crate) async fn alter(&self, setting: &str) {
        let Database::Server { admin, name } = &self.database else {
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

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        match self.database {
            Database::Folder(_) => {
                let pool = SqlitePool::connect(&self.url).await.unwrap();
                let row = sqlx::raw_sql(sql).fetch_one(&pool).await.unwrap();
                pool.close().await;
                row.get(0)
            }
            Database::Server { .. } => {
                let pool = PgPool::connect(&self.url).await.unwrap();
                let row = sqlx::raw_sql(sql).fetch_one(&pool).await.unwrap();
                pool.close().await;
                row.get(0)
            }
        }
    }

    /// Everything in it, as somebody sees it who copies the disk.
    pub(crate) async fn dump(&self) -> Vec<u8> {
        match &self.database {
            Database::Folder(folder) => std::fs::read_dir(folder.path())
                .unwrap()
                .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
                .collect(),
            Database::Server { .. } => {
                let pool = PgPool::connect(&self.url).await.unwrap();
                let mut dump = Vec::new();
                for table in ["grants", "sessions", "logins"] {
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
    let vault = Vault::parse(keys).unwrap();
    open(url, Arc::new(vault), Arc::new(SystemRandom)).await
}
