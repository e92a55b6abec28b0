//! Opening a store: connect, bring the tables up to date, try the keys.

use super::{
    Store, StoreError,
    address::{Address, BadUrl, StoreUrl},
    database::Database,
    postgres,
    row_cipher::RowCipher,
    sql::SqlStore,
    sqlite,
};
use crate::{random::Random, store::TokenCipher};
use sqlx::migrate::{MigrateError, Migrator};
use std::{io, sync::Arc};

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its URL names none.
    #[error(transparent)]
    Url(#[from] BadUrl),
    /// Its file can be neither found nor made.
    #[error("its file cannot be made: {0}")]
    File(#[from] io::Error),
    /// The database does not answer, or not as it should.
    #[error(transparent)]
    Store(StoreError),
    /// A newer version of this program has changed its tables.
    #[error(
        "its tables were changed by a newer version of this program (migration {0}): run that version"
    )]
    Newer(i64),
    /// Its tables are not what this program made.
    #[error("its tables cannot be brought up to date: {0}")]
    Tables(String),
    /// It was sealed with other keys.
    #[error(
        "its contents are sealed with a key that is not in the key file: put that key back, or begin with another database"
    )]
    Keys,
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Decrypt(_) => Self::Keys,
            error => Self::Store(error),
        }
    }
}

/// Opens the store at this URL: makes its tables if they are not there, or
/// brings them up to date.
///
/// # Errors
/// When it cannot be reached, was made by a newer version, or holds what the
/// keys at hand do not open.
pub async fn open(
    url: &StoreUrl,
    cipher: Arc<TokenCipher>,
    random: Arc<dyn Random>,
) -> Result<Arc<dyn Store>, OpenError> {
    let database: Box<dyn Database> = match url.address()? {
        Address::Sqlite(options) => Box::new(sqlite::connect(*options).await?),
        Address::Postgres(options) => Box::new(postgres::connect(*options).await?),
    };
    let encrypt = RowCipher::new(cipher, random);
    encrypt.check(database.as_ref()).await?;
    Ok(Arc::new(SqlStore { database, encrypt }))
}

/// What a failed migration means.
pub(super) fn migration(migrator: &Migrator, error: MigrateError) -> OpenError {
    let newest = migrator.iter().map(|known| known.version).max();
    match error {
        MigrateError::VersionMissing(version) if Some(version) > newest => {
            OpenError::Newer(version)
        }
        MigrateError::Execute(error) => OpenError::Store(error.into()),
        error => OpenError::Tables(error.to_string()),
    }
}
