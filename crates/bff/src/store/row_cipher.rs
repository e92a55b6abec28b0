//! The encryption of values in rows, and the check that the keys are those of
//! the database.

use super::{
    cipher::{DecryptError, TokenCipher},
    database::Database,
    grant_store::StoreError,
};
use crate::random::Random;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// The name of the row that is decrypted first, to check the keys.
const CHECK: &str = "seal check";

/// Encrypts and decrypts values of rows.
pub(super) struct RowCipher {
    cipher: Arc<TokenCipher>,
    random: Arc<dyn Random>,
}

impl RowCipher {
    pub(super) fn new(cipher: Arc<TokenCipher>, random: Arc<dyn Random>) -> Self {
        Self { cipher, random }
    }

    /// Encrypts a value for this row.
    pub(super) fn encrypt(&self, row: &str, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
        let text = serde_json::to_vec(value)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(self.cipher.encrypt(row, &text, self.random.as_ref()))
    }

    /// Decrypts a value that was encrypted for this row.
    pub(super) fn decrypt<T: DeserializeOwned>(
        &self,
        row: &str,
        encrypted: &[u8],
    ) -> Result<T, DecryptError> {
        let text = self.cipher.decrypt(row, encrypted)?;
        serde_json::from_slice(&text).map_err(|_| DecryptError)
    }

    /// Decrypts the row that the first process encrypted, and encrypts it again
    /// with the newest key: an old key can be removed from the file once its
    /// sessions have ended.
    ///
    /// # Errors
    /// [`StoreError::Decrypt`] if the database was encrypted with other keys.
    pub(super) async fn check(&self, database: &dyn Database) -> Result<(), StoreError> {
        let encrypted = self.encrypt(CHECK, &CHECK)?;
        database
            .execute((
                "INSERT INTO seal_check (name, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                &[CHECK.into(), encrypted.as_slice().into()],
            ))
            .await?;
        let row = database
            .fetch((
                "SELECT sealed FROM seal_check WHERE name = $1",
                &[CHECK.into()],
            ))
            .await?
            .ok_or(DecryptError)?;
        let stored = row.bytes("sealed")?;
        self.decrypt::<String>(CHECK, &stored)?;
        if !self.cipher.uses_newest_key(&stored) {
            database
                .execute((
                    "UPDATE seal_check SET sealed = $1 WHERE name = $2",
                    &[encrypted.as_slice().into(), CHECK.into()],
                ))
                .await?;
        }
        Ok(())
    }
}
