//! What the database keeps sealed, and whether the keys at hand are its own.

use super::{StoreError, database::Database};
use crate::{
    random::Random,
    store::cipher::{DecryptError, TokenCipher},
};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// The row that must open before any other is looked at.
const CHECK: &str = "seal check";

/// Seals and opens values of rows.
pub(super) struct RowCipher {
    cipher: Arc<TokenCipher>,
    random: Arc<dyn Random>,
}

impl RowCipher {
    pub(super) fn new(cipher: Arc<TokenCipher>, random: Arc<dyn Random>) -> Self {
        Self { cipher, random }
    }

    /// Seals a value for this row.
    pub(super) fn close(&self, row: &str, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
        let text = serde_json::to_vec(value)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(self.cipher.encrypt(row, &text, self.random.as_ref()))
    }

    /// Opens what was sealed for this row.
    pub(super) fn open<T: DeserializeOwned>(
        &self,
        row: &str,
        sealed: &[u8],
    ) -> Result<T, DecryptError> {
        let text = self.cipher.decrypt(row, sealed)?;
        serde_json::from_slice(&text).map_err(|_| DecryptError)
    }

    /// Opens the row that the first one to come sealed. It always bears the
    /// newest key, so that an old one can be taken out of the file once its
    /// sessions are over.
    ///
    /// # Errors
    /// [`StoreError::Unsealable`] when the keys are others.
    pub(super) async fn check(&self, database: &dyn Database) -> Result<(), StoreError> {
        let fresh = self.close(CHECK, &CHECK)?;
        database
            .execute((
                "INSERT INTO seal_check (name, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                &[CHECK.into(), fresh.as_slice().into()],
            ))
            .await?;
        let row = database
            .fetch((
                "SELECT sealed FROM seal_check WHERE name = $1",
                &[CHECK.into()],
            ))
            .await?
            .ok_or(DecryptError)?;
        let sealed = row.bytes("sealed")?;
        self.open::<String>(CHECK, &sealed)?;
        if !self.cipher.uses_newest_key(&sealed) {
            database
                .execute((
                    "UPDATE seal_check SET sealed = $1 WHERE name = $2",
                    &[fresh.as_slice().into(), CHECK.into()],
                ))
                .await?;
        }
        Ok(())
    }
}
