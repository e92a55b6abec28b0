//! Proof Key for Code Exchange (RFC 7636).

use crate::digest::{base64url, sha256};

/// Returns the code verifier for 32 random bytes (section 4.1).
pub(crate) fn verifier(random: [u8; 32]) -> String {
    base64url(random)
}

/// Returns the code challenge of the method `S256` (section 4.2).
pub(crate) fn challenge(verifier: &str) -> String {
    base64url(sha256(verifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let random = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = verifier(random);
        assert_eq!(verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
