//! What the database keeps sealed, and whether the keys at hand are its own.

use super::{StoreError, database::Database};
use crate::{
    grant::{Vault, vault::Unsealable},
    random::Random,
};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// The row that must open before any other is looked at.
const CHECK: &str = "seal check";

/// Seals and opens values of rows.
pub(super) struct Seal {
    vault: Arc<Vault>,
    random: Arc<dyn Random>,
}

impl Seal {
    pub(super) fn new(vault: Arc<Vault>, random: Arc<dyn Random>) -> Self {
        Self { vault, random }
    }

    /// Seals a value for this row.
    pub(super) fn close(&self, row: &str, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
        let text = serde_json::to_vec(value)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(self.vault.seal(row, &text, self.random.as_ref()))
    }

    /// Opens what was sealed for this row.
    pub(super) fn open<T: DeserializeOwned>(
        &self,
        row: &str,
        sealed: &[u8],
    ) -> Result<T, Unsealable> {
        let text = self.vault.unseal(row, sealed)?;
        serde_json::from_slice(&text).map_err(|_| Unsealable)
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
            .ok_or(Unsealable)?;
        let sealed = row.bytes("sealed")?;
        self.open::<String>(CHECK, &sealed)?;
        if !self.vault.is_sealed_anew(&sealed) {
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
