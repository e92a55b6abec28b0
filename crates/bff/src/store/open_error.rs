//! Why a store cannot be opened.

use super::{address::BadUrl, grant_store::StoreError};
use sqlx::migrate::{MigrateError, Migrator};
use std::io;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is not that of a store.
    #[error(transparent)]
    Url(#[from] BadUrl),
    /// The file can be neither opened nor created.
    #[error("its file cannot be created: {0}")]
    File(#[from] io::Error),
    /// The database does not respond, or not as expected.
    #[error(transparent)]
    Store(StoreError),
    /// A newer version of this program has changed the tables.
    #[error(
        "its tables were changed by a newer version of this program (migration {0}): run that version"
    )]
    Newer(i64),
    /// The tables are not those of this program.
    #[error("its tables cannot be migrated: {0}")]
    Tables(String),
    /// The contents were encrypted with other keys.
    #[error(
        "its contents are encrypted with a key that is not in the key file: put that key back, or start with another database"
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

/// Returns the error for a failed migration.
pub(super) fn migration(migrator: &Migrator, error: MigrateError) -> OpenError {
    let newest = migrator.iter().map(|migration| migration.version).max();
    match error {
        MigrateError::VersionMissing(version) if Some(version) > newest => {
            OpenError::Newer(version)
        }
        MigrateError::Execute(error) => OpenError::Store(error.into()),
        error => OpenError::Tables(error.to_string()),
    }
}
