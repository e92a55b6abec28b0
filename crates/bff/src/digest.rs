//! Digests of secrets, which are stored and shown instead of the secrets.

use confidant_wire::{Fingerprint, TokenKind};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, under which a secret is found without being stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Computes the digest of a secret, which has enough entropy to need no salt.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Returns the bytes in hexadecimal digits.
    pub(crate) fn to_hex(self) -> String {
        use std::fmt::Write as _;
        self.0
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                // Writing to a string cannot fail.
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }

    /// Returns the bytes, as the database stores them.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Computes the fingerprint that is shown instead of a secret.
pub(crate) fn fingerprint(kind: TokenKind, secret: &str) -> Fingerprint {
    let Digest([a, b, c, ..]) = Digest::of(secret);
    Fingerprint::new(kind, [a, b, c])
}
