//! SHA-256 and base64url, for PKCE, DPoP and fingerprints.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use confidant_wire::{Fingerprint, TokenKind};
use sha2::{Digest, Sha256};

/// Encodes bytes in base64url without padding (RFC 7515, section 2).
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes base64url, with or without padding.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// Returns the SHA-256 digest of a text.
pub(crate) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Returns the fingerprint of a secret: the same one that the server computes.
pub fn fingerprint(kind: TokenKind, secret: &str) -> Fingerprint {
    let [a, b, c, ..] = sha256(secret);
    Fingerprint::new(kind, [a, b, c])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_beginning_of_the_digest() {
        // SHA-256("abc") = ba7816bf…, FIPS 180-2, appendix B.1.
        let found = fingerprint(TokenKind::Access, "abc");
        assert_eq!(found.to_string(), "at·ba7816");
    }

    #[test]
    fn base64url_is_decoded_with_and_without_padding() {
        assert_eq!(base64url([0xfb, 0xff]), "-_8");
        assert_eq!(from_base64url("-_8="), Some(vec![0xfb, 0xff]));
        assert_eq!(from_base64url("+/8"), None);
    }
}
