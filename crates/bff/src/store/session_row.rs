//! The row of a session. What says whose session it is, is encrypted for the
//! digest of the cookie: a row that was written by another program, or copied to
//! another cookie, does not decrypt.

use super::{
    cipher::DecryptError,
    database::{Columns, Value},
    grant_store::StoreError,
    row_cipher::RowCipher,
};
use crate::{digest::Digest, grant::GrantId, session::SessionRecord};
use confidant_wire::{ClientKind, UnixMillis};
use serde::{Deserialize, Serialize};

pub(super) const INSERT: &str = "INSERT INTO sessions (digest, grant_id, kind, last_seen,
        expires_at, sealed)
     VALUES ($1, $2, $3, $4, $5, $6)";

/// The part of a session that is encrypted.
#[derive(Serialize, Deserialize)]
struct Sealed {
    grant: GrantId,
    provider: String,
    issued_by: String,
    kind: ClientKind,
    subject: String,
    name: String,
    created_at: UnixMillis,
}

/// Reads a session from its row, which is joined with the provider of its grant.
/// Returns `None` if the row was not written for this digest and this grant.
pub(super) fn read(
    digest: &Digest,
    row: &dyn Columns,
    cipher: &RowCipher,
) -> Result<Option<SessionRecord>, StoreError> {
    let sealed: Result<Sealed, DecryptError> = cipher.decrypt(&name(digest), &row.bytes("sealed")?);
    let is_of_grant = |sealed: &Sealed| -> Result<bool, StoreError> {
        Ok(sealed.grant.0 == row.text("grant_id")? && sealed.provider == row.text("provider")?)
    };
    let sealed = match sealed {
        Ok(sealed) if is_of_grant(&sealed)? => sealed,
        _ => {
            tracing::error!(
                "a session was not written by this application, or its key is missing: the user \
                 has to sign in again"
            );
            return Ok(None);
        }
    };
    Ok(Some(SessionRecord {
        digest: *digest,
        grant: sealed.grant,
        provider: sealed.provider,
        issued_by: sealed.issued_by,
        kind: sealed.kind,
        subject: sealed.subject,
        name: sealed.name,
        created_at: sealed.created_at,
        last_seen: row.number("last_seen")?,
        expires_at: row.number("expires_at")?,
    }))
}

/// Encrypts a session for its row.
pub(super) fn encrypt(session: &SessionRecord, cipher: &RowCipher) -> Result<Vec<u8>, StoreError> {
    let sealed = Sealed {
        grant: session.grant.clone(),
        provider: session.provider.clone(),
        issued_by: session.issued_by.clone(),
        kind: session.kind,
        subject: session.subject.clone(),
        name: session.name.clone(),
        created_at: session.created_at,
    };
    cipher.encrypt(&name(&session.digest), &sealed)
}

/// Returns the values of a new session's row, for [`INSERT`].
pub(super) fn new_row<'a>(session: &'a SessionRecord, encrypted: &'a [u8]) -> [Value<'a>; 6] {
    [
        session.digest.bytes().into(),
        (&session.grant).into(),
        session.kind.id().into(),
        session.last_seen.into(),
        session.expires_at.into(),
        encrypted.into(),
    ]
}

/// Returns the name of the row that a session is encrypted for.
fn name(digest: &Digest) -> String {
    format!("session {}", digest.to_hex())
}
