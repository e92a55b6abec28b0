//! SHA-256 digests. The provider stores them in place of tokens, codes and
//! secrets.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The SHA-256 digest of a string.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Computes the digest of `text`.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Computes the digest of several parts. The length of each precedes it,
    /// so that two different lists never give the same input.
    pub(crate) fn of_fields(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// Compares two digests in constant time.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// Encodes the digest in base64url without padding.
    pub(crate) fn base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns the first three bytes in hex. They tell a few tokens apart and
    /// do not help to guess one.
    pub(crate) fn fingerprint(&self) -> String {
        let [first, second, third, ..] = self.0;
        format!("{first:02x}{second:02x}{third:02x}")
    }

    /// Encodes the left half in base64url, as in `at_hash` (OpenID Connect Core
    /// section 3.1.3.6).
    pub(crate) fn left_half(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0[..16])
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digest(…)")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.base64url())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(D::Error::custom)?;
        let bytes = bytes
            .try_into()
            .map_err(|_| D::Error::custom("a digest must have 32 bytes"))?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_depends_on_the_boundaries_between_fields() {
        let one = Digest::of_fields(&[b"ab", b"c"]);
        let other = Digest::of_fields(&[b"a", b"bc"]);
        assert!(!one.matches(&other));
    }

    #[test]
    fn a_fingerprint_is_the_beginning_in_hex() {
        // SHA-256 of "abc" begins with these (FIPS 180-4).
        assert_eq!(Digest::of("abc").fingerprint(), "ba7816");
    }

    #[test]
    fn a_digest_is_never_printed() {
        assert_eq!(format!("{:?}", Digest::of("secret")), "Digest(…)");
    }
}
