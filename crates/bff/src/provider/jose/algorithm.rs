//! Signature algorithms (RFC 7518, section 3.1; RFC 8037). Only those with a
//! public key: HMAC is used by an explicit setting alone, with the client
//! secret, and never with a key of the provider's key set.

use super::key_set::{Curve, Key};
use aws_lc_rs::{
    digest, hmac,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
        RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
        RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// A signature algorithm and the kind of key that it takes.
#[derive(Clone, Copy)]
pub(super) enum Algorithm {
    Rsa(&'static RsaParameters),
    Ec(Curve, &'static dyn VerificationAlgorithm),
    Ed25519,
}

impl Algorithm {
    /// Returns the algorithm with this name (RFC 7518, section 3.1).
    pub(super) fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rsa(&RSA_PKCS1_2048_8192_SHA256),
            "RS384" => Self::Rsa(&RSA_PKCS1_2048_8192_SHA384),
            "RS512" => Self::Rsa(&RSA_PKCS1_2048_8192_SHA512),
            "PS256" => Self::Rsa(&RSA_PSS_2048_8192_SHA256),
            "PS384" => Self::Rsa(&RSA_PSS_2048_8192_SHA384),
            "PS512" => Self::Rsa(&RSA_PSS_2048_8192_SHA512),
            "ES256" => Self::Ec(Curve::P256, &ECDSA_P256_SHA256_FIXED),
            "ES384" => Self::Ec(Curve::P384, &ECDSA_P384_SHA384_FIXED),
            "ES512" => Self::Ec(Curve::P521, &ECDSA_P521_SHA512_FIXED),
            "EdDSA" | "Ed25519" => Self::Ed25519,
            _ => return None,
        })
    }

    /// Whether the key is of the kind that this algorithm takes.
    pub(super) fn takes(self, key: &Key) -> bool {
        match (self, key) {
            (Self::Rsa(_), Key::Rsa { .. }) | (Self::Ed25519, Key::Ed25519(_)) => true,
            (Self::Ec(curve, _), Key::Ec { curve: of_key, .. }) => curve == *of_key,
            _ => false,
        }
    }

    /// Whether this key made the signature.
    pub(super) fn verifies(self, key: &Key, message: &[u8], signature: &[u8]) -> bool {
        match (self, key) {
            (Self::Rsa(parameters), Key::Rsa { n, e }) => RsaPublicKeyComponents { n, e }
                .verify(parameters, message, signature)
                .is_ok(),
            (Self::Ec(_, algorithm), Key::Ec { point, .. }) => {
                UnparsedPublicKey::new(algorithm, point)
                    .verify(message, signature)
                    .is_ok()
            }
            (Self::Ed25519, Key::Ed25519(public)) => UnparsedPublicKey::new(&ED25519, public)
                .verify(message, signature)
                .is_ok(),
            _ => false,
        }
    }
}

/// Whether the secret made this HMAC-SHA-256, in constant time.
pub(super) fn verifies_hs256(secret: &str, message: &[u8], signature: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, message, signature).is_ok()
}

/// Returns the left half of a token's hash in base64url, as `at_hash` contains
/// it (OpenID Connect Core 1.0, section 3.1.3.6). The hash is that of the ID
/// token's signature algorithm; SHA-512 for Ed25519.
pub(crate) fn left_half_of_hash(algorithm: &str, token: &str) -> Option<String> {
    let hash = match algorithm.get(2..)? {
        "256" => &digest::SHA256,
        "384" => &digest::SHA384,
        "512" => &digest::SHA512,
        _ if matches!(algorithm, "EdDSA" | "Ed25519") => &digest::SHA512,
        _ => return None,
    };
    let digest = digest::digest(hash, token.as_bytes());
    let half = digest.as_ref().split_at(digest.as_ref().len() / 2).0;
    Some(URL_SAFE_NO_PAD.encode(half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_an_access_token_is_that_of_the_specification() {
        // OpenID Connect Core 1.0, appendix A.3.
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        let expected = "77QmUPtjPfzWtF2AnpK9RQ";
        assert_eq!(left_half_of_hash("RS256", token).as_deref(), Some(expected));
        assert_eq!(left_half_of_hash("none", token), None);
        assert_eq!(left_half_of_hash("é", token), None);
        let length = |algorithm| left_half_of_hash(algorithm, token).map(|hash| hash.len());
        assert_eq!(length("ES384"), Some(32));
        assert_eq!(length("EdDSA"), Some(43));
    }

    #[test]
    fn no_algorithm_without_a_private_key_has_an_entry() {
        for name in [
            "none", "None", "", "HS256", "HS512", "rs256", "RS1", "ES256K",
        ] {
            assert!(Algorithm::by_name(name).is_none(), "{name}");
        }
    }
}
