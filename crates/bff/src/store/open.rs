//! Opening a store: connect, migrate the tables, check the keys.

use super::{
    Store,
    address::{Address, StoreUrl},
    cipher::TokenCipher,
    database::Database,
    open_error::OpenError,
    postgres,
    row_cipher::RowCipher,
    sql::SqlStore,
    sqlite,
};
use crate::random::Random;
use std::sync::Arc;

/// Opens the store at this URL. Creates its tables if there are none, and
/// migrates older ones.
///
/// # Errors
/// If the store cannot be reached, was migrated by a newer version, or is
/// encrypted with keys that are not in `cipher`.
pub async fn open(
    url: &StoreUrl,
    cipher: Arc<TokenCipher>,
    random: Arc<dyn Random>,
) -> Result<Arc<dyn Store>, OpenError> {
    let database: Box<dyn Database> = match url.address()? {
        Address::Sqlite(options) => Box::new(sqlite::connect(*options).await?),
        Address::Postgres(options) => Box::new(postgres::connect(*options).await?),
    };
    let cipher = RowCipher::new(cipher, random);
    cipher.check(database.as_ref()).await?;
    Ok(Arc::new(SqlStore { database, cipher }))
}
