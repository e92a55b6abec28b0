//! What SQLite and Postgres have in common: both understand `$1`, and the store
//! needs only text, integers and bytes.

use super::grant_store::StoreError;
use async_trait::async_trait;
use sqlx::{
    Arguments, ColumnIndex, Decode, Encode, Executor, IntoArguments, Pool, Row, Type,
    postgres::PgQueryResult, sqlite::SqliteQueryResult,
};
use std::{future::Future, time::Duration};

/// How long one statement may take, including the wait for a connection and for
/// locks.
const LIMIT: Duration = Duration::from_secs(10);

/// The value of a placeholder.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Text(Option<&'a str>),
    Number(Option<u64>),
    Bytes(&'a [u8]),
}

/// A statement and the values of its placeholders.
pub(super) type Statement<'a> = (&'static str, &'a [Value<'a>]);

/// A SQL database.
#[async_trait]
pub(super) trait Database: Send + Sync {
    /// Executes a statement completely. Returns the number of affected rows.
    async fn execute(&self, statement: Statement<'_>) -> Result<u64, StoreError>;

    /// Executes all statements, or none if one of them affects no row. Returns
    /// the number of rows that the last one affected, or `None`.
    async fn execute_all(&self, statements: &[Statement<'_>]) -> Result<Option<u64>, StoreError>;

    /// Executes a statement completely. Returns the first row of its result.
    async fn fetch(&self, statement: Statement<'_>)
    -> Result<Option<Box<dyn Columns>>, StoreError>;
}

/// A row's columns, by name.
pub(super) trait Columns: Send {
    fn maybe_text(&self, name: &str) -> Result<Option<String>, StoreError>;
    fn maybe_number(&self, name: &str) -> Result<Option<u64>, StoreError>;
    fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError>;

    fn text(&self, name: &str) -> Result<String, StoreError> {
        self.maybe_text(name)?.ok_or_else(|| null(name))
    }

    fn number(&self, name: &str) -> Result<u64, StoreError> {
        self.maybe_number(name)?.ok_or_else(|| null(name))
    }
}

fn null(name: &str) -> StoreError {
    StoreError::Unavailable(format!("a row has no {name}"))
}

/// The number of rows that a statement affected.
pub(super) trait Affected {
    fn rows(&self) -> u64;
}

impl Affected for SqliteQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

impl Affected for PgQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

#[async_trait]
impl<D> Database for Pool<D>
where
    D: sqlx::Database<QueryResult: Affected, Row: Columns>,
    D::Arguments: IntoArguments<D>,
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    for<'v> Option<&'v str>: Encode<'v, D> + Type<D>,
    for<'v> Option<i64>: Encode<'v, D> + Type<D>,
    for<'v> &'v [u8]: Encode<'v, D> + Type<D>,
{
    async fn execute(&self, (sql, values): Statement<'_>) -> Result<u64, StoreError> {
        let query = sqlx::query_with(sql, arguments::<D>(values)?);
        Ok(run(self, query.execute(self)).await?.rows())
    }

    async fn execute_all(&self, statements: &[Statement<'_>]) -> Result<Option<u64>, StoreError> {
        run(self, async {
            let mut affected = 0;
            let mut transaction = self.begin().await?;
            for (sql, values) in statements {
                let query = sqlx::query_with(*sql, arguments::<D>(values)?);
                affected = query.execute(&mut *transaction).await?.rows();
                if affected == 0 {
                    transaction.rollback().await?;
                    return Ok(None);
                }
            }
            transaction.commit().await?;
            Ok(Some(affected))
        })
        .await
    }

    async fn fetch(
        &self,
        (sql, values): Statement<'_>,
    ) -> Result<Option<Box<dyn Columns>>, StoreError> {
        let query = sqlx::query_with(sql, arguments::<D>(values)?);
        // Not `fetch_optional`: it stops at the first row, and a write that
        // fails to commit after it would go unnoticed.
        let rows = run(self, query.fetch_all(self)).await?;
        let first = rows.into_iter().next();
        Ok(first.map(|row| Box::new(row) as Box<dyn Columns>))
    }
}

impl<R> Columns for R
where
    R: Row,
    for<'n> &'n str: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn maybe_text(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(name)?)
    }

    fn maybe_number(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = self.try_get(name)?;
        Ok(number.and_then(|number| u64::try_from(number).ok()))
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        Ok(self.try_get(name)?)
    }
}

fn arguments<D>(values: &[Value<'_>]) -> Result<D::Arguments, sqlx::Error>
where
    D: sqlx::Database,
    for<'v> Option<&'v str>: Encode<'v, D> + Type<D>,
    for<'v> Option<i64>: Encode<'v, D> + Type<D>,
    for<'v> &'v [u8]: Encode<'v, D> + Type<D>,
{
    let mut arguments = D::Arguments::default();
    for value in values {
        match *value {
            // Text in Postgres contains no NUL, but a name from a provider may.
            Value::Text(Some(text)) if text.contains('\0') => {
                arguments.add(Some(text.replace('\0', "\u{fffd}").as_str()))
            }
            Value::Text(text) => arguments.add(text),
            Value::Number(number) => arguments.add(number.map(signed)),
            Value::Bytes(bytes) => arguments.add(bytes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// Converts to the signed integers of the databases.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Runs a statement. Fails if the database accepts it but does not respond in
/// time.
async fn run<D: sqlx::Database, T>(
    pool: &Pool<D>,
    statement: impl Future<Output = Result<T, sqlx::Error>> + Send,
) -> Result<T, StoreError> {
    match tokio::time::timeout(LIMIT, statement).await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(error)) => {
            if ends_connection(&error) {
                close_idle(pool);
            }
            Err(error.into())
        }
        Err(_) => Err(StoreError::Unavailable(format!(
            "no response within {} s",
            LIMIT.as_secs()
        ))),
    }
}

/// Returns whether an error means that the connection is lost.
fn ends_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        // Postgres: class 57P, the server shuts down or has just crashed.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

/// Closes the idle connections. What ended one connection, a restart of the
/// database for instance, has most likely ended the others, too: without this,
/// each of them would fail one more request.
fn close_idle<D: sqlx::Database>(pool: &Pool<D>) {
    while let Some(connection) = pool.try_acquire() {
        drop(connection.detach());
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(match error {
            sqlx::Error::PoolTimedOut => "no connection became available in time".to_owned(),
            error => error.to_string(),
        })
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<u64>> for Value<'_> {
    fn from(number: Option<u64>) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}
