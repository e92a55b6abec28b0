//! Digests of secrets: what is stored and shown instead of them.

use confidant_wire::{Fingerprint, TokenKind};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, by which a secret is found again without being kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a secret with enough entropy to need no salt.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Its bytes, as the database keeps them.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The name under which people see this secret.
pub(crate) fn fingerprint(kind: TokenKind, secret: &str) -> Fingerprint {
    let Digest([a, b, c, ..]) = Digest::of(secret);
    Fingerprint::new(kind, [a, b, c])
}
