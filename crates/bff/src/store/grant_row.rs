//! The row of a grant.

use super::{
    cipher::DecryptError,
    database::{Columns, Value},
    grant_store::StoreError,
    row_cipher::RowCipher,
};
use crate::grant::{Grant, GrantId, GrantStatus, Lease, PendingRefresh, Tokens};

pub(super) const INSERT: &str = "INSERT INTO grants (id, provider, version, generation, serial,
        dead_because, doubtful_since, sealed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Reads a grant from its row.
pub(super) fn read(row: &dyn Columns, cipher: &RowCipher) -> Result<Grant, StoreError> {
    let id = GrantId(row.text("id")?);
    let tokens = decrypt(&id, &row.bytes("sealed")?, cipher)?;
    let status = match (
        row.maybe_text("dead_because")?,
        row.maybe_number("doubtful_since")?,
    ) {
        (Some(reason), _) => GrantStatus::Dead(reason),
        (None, Some(since)) => GrantStatus::Ambiguous(since),
        (None, None) => GrantStatus::Active,
    };
    Ok(Grant {
        provider: row.text("provider")?,
        version: row.number("version")?,
        generation: row.number("generation")?,
        serial: row.number("serial")?,
        status,
        lease: row
            .maybe_text("lease_holder")?
            .zip(row.maybe_number("lease_until")?)
            .map(|(holder, until)| Lease { holder, until }),
        pending: row
            .maybe_text("intent_attempt")?
            .zip(row.maybe_number("intent_generation")?)
            .zip(row.maybe_number("intent_at")?)
            .map(|((attempt, generation), at)| PendingRefresh {
                attempt,
                generation,
                at,
            }),
        tokens,
        id,
    })
}

/// Returns the values of a new grant's row, for [`INSERT`].
pub(super) fn new_row<'a>(grant: &'a Grant, encrypted: &'a [u8]) -> [Value<'a>; 8] {
    let (dead, ambiguous) = status(grant);
    [
        (&grant.id).into(),
        grant.provider.as_str().into(),
        grant.version.into(),
        grant.generation.into(),
        grant.serial.into(),
        dead,
        ambiguous,
        encrypted.into(),
    ]
}

/// Returns the values of `dead_because` and `doubtful_since`.
pub(super) fn status(grant: &Grant) -> (Value<'_>, Value<'_>) {
    let (dead, ambiguous) = match &grant.status {
        GrantStatus::Active => (None, None),
        GrantStatus::Ambiguous(since) => (None, Some(*since)),
        GrantStatus::Dead(reason) => (Some(reason.as_str()), None),
    };
    (Value::Text(dead), Value::Number(ambiguous))
}

/// Decrypts the tokens of a grant.
pub(super) fn decrypt(
    id: &GrantId,
    encrypted: &[u8],
    cipher: &RowCipher,
) -> Result<Tokens, DecryptError> {
    cipher.decrypt(&name(id), encrypted)
}

/// Encrypts the tokens of a grant for its row.
pub(super) fn encrypt(grant: &Grant, cipher: &RowCipher) -> Result<Vec<u8>, StoreError> {
    cipher.encrypt(&name(&grant.id), &grant.tokens)
}

/// Returns the name of the row that a grant's tokens are encrypted for. Copied
/// into another row, they cannot be decrypted.
fn name(id: &GrantId) -> String {
    format!("grant {}", id.0)
}

impl<'a> From<&'a GrantId> for Value<'a> {
    fn from(id: &'a GrantId) -> Self {
        Self::Text(Some(&id.0))
    }
}
