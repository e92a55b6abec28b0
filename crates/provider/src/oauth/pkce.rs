//! PKCE (RFC 7636) with the method S256.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// A `code_challenge` of the method S256.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Challenge(String);

impl Challenge {
    /// Parses a challenge, which is the base64url of 32 bytes (section 4.2).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == 43 && text.bytes().all(base64url)).then(|| Self(text.to_owned()))
    }

    /// Returns whether `verifier` matches the challenge (section 4.6). A
    /// verifier has 43 to 128 unreserved characters (section 4.1).
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        let unreserved =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
        // Comparing digests takes the same time for every verifier.
        let computed = Digest::of(&Digest::of(verifier).base64url());
        well_formed && computed.matches(&Digest::of(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        assert!(challenge.is_met_by(VERIFIER));
    }

    #[test]
    fn another_verifier_is_refused() {
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        assert!(!challenge.is_met_by(&VERIFIER.replace('d', "e")));
        assert!(!challenge.is_met_by(""));
    }

    #[test]
    fn the_challenge_is_not_its_own_verifier() {
        // The method "plain" would accept it.
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        assert!(!challenge.is_met_by(CHALLENGE));
    }

    #[test]
    fn a_verifier_of_the_wrong_length_is_refused() {
        for verifier in ["a".repeat(42), "a".repeat(129)] {
            let challenge = Challenge::parse(&Digest::of(&verifier).base64url()).unwrap();
            assert!(!challenge.is_met_by(&verifier));
        }
    }

    #[test]
    fn a_challenge_that_is_not_a_digest_is_refused() {
        assert!(Challenge::parse("too-short").is_none());
        assert!(Challenge::parse(&"=".repeat(43)).is_none());
    }
}
