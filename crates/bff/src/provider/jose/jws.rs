//! The compact serialization of a signed token (RFC 7515, section 7.1).

use super::{
    algorithm::{Algorithm, verifies_hs256},
    key_set::KeySet,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use confidant_protocol::log_text::log_text;
use confidant_wire::Claims;
use serde_json::Value;

/// A signed token that was read, and whose signature is still to be verified.
#[derive(Debug)]
pub(crate) struct Jws<'a> {
    /// The algorithm that the header names.
    pub(crate) algorithm: String,
    kid: Option<String>,
    message: &'a [u8],
    claims: Claims,
    signature: Vec<u8>,
}

/// Why a signature does not hold. Names of the header are escaped and bounded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    /// It is no signed token.
    #[error("it is no signed token: {0}")]
    Malformed(&'static str),
    /// The algorithm is not accepted.
    #[error("its signature algorithm {alg:?} is not accepted, {expected} is")]
    Algorithm {
        /// The algorithm of the header.
        alg: String,
        /// What is accepted.
        expected: &'static str,
    },
    /// No key fits.
    #[error(
        "no key of the provider fits the algorithm {alg:?} and the key id {kid:?}: its key ids are [{known}]"
    )]
    UnknownKey {
        /// The algorithm of the header.
        alg: String,
        /// The key id of the header.
        kid: String,
        /// The ids of the provider's keys.
        known: String,
    },
    /// The keys that fit did not make the signature.
    #[error("its signature does not hold (algorithm {alg:?}, key id {kid:?})")]
    Mismatch {
        /// The algorithm of the header.
        alg: String,
        /// The key id of the header.
        kid: String,
    },
}

impl<'a> Jws<'a> {
    /// Reads a token.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`].
    pub(crate) fn parse(token: &'a str) -> Result<Self, SignatureError> {
        let malformed = SignatureError::Malformed;
        let parts: Vec<_> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(malformed(match parts.len() {
                5 => "it is encrypted",
                _ => "it has not three parts",
            }));
        };
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok();
        let object = |part| serde_json::from_slice::<Claims>(&bytes(part)?).ok();
        let header = object(header).ok_or(malformed("its header cannot be read"))?;
        // Extensions that must be understood (RFC 7515, section 4.1.11): none is.
        if header.contains_key("crit") {
            return Err(malformed("its header demands an extension"));
        }
        let text = |name: &str| header.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            algorithm: text("alg").ok_or(malformed("its header names no algorithm"))?,
            kid: text("kid"),
            message: token[..token.len() - signature.len() - 1].as_bytes(),
            claims: object(payload).ok_or(malformed("its claims cannot be read"))?,
            signature: bytes(signature).ok_or(malformed("its signature cannot be read"))?,
        })
    }

    /// Returns the claims if one of these keys made the signature.
    ///
    /// # Errors
    /// [`SignatureError::UnknownKey`] if a newer key set may have the key.
    pub(crate) fn verify(self, keys: &KeySet) -> Result<Claims, SignatureError> {
        let alg = || log_text(&self.algorithm);
        let kid = || self.kid.as_deref().map(log_text).unwrap_or_default();
        let Some(algorithm) = Algorithm::by_name(&self.algorithm) else {
            return Err(SignatureError::Algorithm {
                alg: alg(),
                expected: "one with a public key",
            });
        };
        let candidates = || {
            let named = keys.candidates(self.kid.as_deref());
            named.filter(|key| algorithm.takes(key))
        };
        if candidates().any(|key| algorithm.verifies(key, self.message, &self.signature)) {
            return Ok(self.claims);
        }
        Err(match candidates().next() {
            None => SignatureError::UnknownKey {
                alg: alg(),
                kid: kid(),
                known: log_text(&keys.ids()),
            },
            Some(_) => SignatureError::Mismatch {
                alg: alg(),
                kid: kid(),
            },
        })
    }

    /// Returns the claims if the client secret made the signature, by HS256.
    ///
    /// # Errors
    /// If it did not, or the algorithm is another one.
    pub(crate) fn verify_hs256(self, secret: &str) -> Result<Claims, SignatureError> {
        let alg = log_text(&self.algorithm);
        if self.algorithm != "HS256" {
            let expected = "HS256";
            return Err(SignatureError::Algorithm { alg, expected });
        }
        if secret.is_empty() || !verifies_hs256(secret, self.message, &self.signature) {
            let kid = self.kid.as_deref().map(log_text).unwrap_or_default();
            return Err(SignatureError::Mismatch { alg, kid });
        }
        Ok(self.claims)
    }

    /// Returns the claims without looking at the signature: for a token that
    /// came from the token endpoint over TLS (OpenID Connect Core 1.0, section
    /// 3.1.3.7, item 6).
    pub(crate) fn into_unverified_claims(self) -> Claims {
        self.claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::jose::testing::{ALGORITHMS, Signer, hs256, unsigned};
    use serde_json::json;

    fn key_set(signers: &[&Signer]) -> KeySet {
        let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
        KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    fn verify(token: &str, keys: &KeySet) -> Result<Claims, SignatureError> {
        Jws::parse(token)?.verify(keys)
    }

    #[test]
    fn every_algorithm_with_a_public_key_is_verified() {
        for algorithm in ALGORITHMS {
            let signer = Signer::new(algorithm, Some("k1"));
            let token = signer.sign(&json!({ "sub": "ann" }));
            let claims = verify(&token, &key_set(&[&signer])).expect(algorithm);
            assert_eq!(claims["sub"], "ann");
            // Another key with the same name.
            let other = key_set(&[&Signer::new(algorithm, Some("k1"))]);
            let error = verify(&token, &other).expect_err(algorithm);
            assert!(matches!(error, SignatureError::Mismatch { .. }), "{error}");
            // Another payload.
            let (header, rest) = token.split_once('.').unwrap();
            let signature = rest.split_once('.').unwrap().1;
            let forged = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode("{}"));
            assert!(verify(&forged, &key_set(&[&signer])).is_err());
        }
    }

    #[test]
    fn x6_without_a_key_id_each_key_is_tried() {
        let signers = [
            Signer::new("RS256", None),
            Signer::new("RS256", None),
            Signer::new("ES256", None),
        ];
        let keys = key_set(&[&signers[0], &signers[1], &signers[2]]);
        for signer in &signers {
            verify(&signer.sign(&json!({})), &keys).unwrap();
        }
        let named = Signer::new("RS256", Some("k1"));
        let token = signers[1].sign(&json!({}));
        verify(&token, &key_set(&[&named, &signers[1]])).unwrap();
        assert!(verify(&token, &key_set(&[&named])).is_err());
    }

    #[test]
    fn b38_the_error_names_the_algorithm_and_the_key() {
        let signer = Signer::new("ES256", Some("k9"));
        let keys = key_set(&[&Signer::new("RS256", Some("k1"))]);
        let error = verify(&signer.sign(&json!({})), &keys).unwrap_err();
        let text = error.to_string();
        for part in ["ES256", "k9", "k1"] {
            assert!(text.contains(part), "{text}");
        }
        let name = "x\ny".repeat(1000);
        let signer = Signer::new("RS256", Some(&name));
        let text = verify(&signer.sign(&json!({})), &keys)
            .unwrap_err()
            .to_string();
        assert!(text.len() < 500 && !text.contains('\n'), "{text}");
    }

    #[test]
    fn no_algorithm_and_no_hmac_is_accepted_for_a_public_key() {
        let signer = Signer::new("RS256", Some("k1"));
        let keys = key_set(&[&signer]);
        for name in ["none", "None", "nOnE"] {
            let error = verify(&unsigned(name, &json!({})), &keys).unwrap_err();
            assert!(matches!(error, SignatureError::Algorithm { .. }), "{error}");
        }
        // An HMAC with the public key as its secret.
        for secret in [signer.public_key(), signer.jwk().to_string().into_bytes()] {
            let token = hs256(&secret, &json!({}));
            let error = verify(&token, &keys).unwrap_err();
            assert!(matches!(error, SignatureError::Algorithm { .. }), "{error}");
        }
    }

    #[test]
    fn b32_hs256_is_accepted_by_setting_only_with_the_client_secret_alone() {
        let token = hs256(b"the client secret", &json!({ "sub": "ann" }));
        let verify = |token: &str, secret| Jws::parse(token).unwrap().verify_hs256(secret);
        assert_eq!(verify(&token, "the client secret").unwrap()["sub"], "ann");
        assert!(verify(&token, "another").is_err());
        assert!(verify(&hs256(b"", &json!({})), "").is_err());
        let signed = Signer::new("RS256", None).sign(&json!({}));
        assert!(verify(&signed, "the client secret").is_err());
        assert!(verify(&unsigned("none", &json!({})), "the client secret").is_err());
    }

    #[test]
    fn what_is_no_signed_token_is_refused() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let critical = part(r#"{"alg": "RS256", "crit": ["b64"], "b64": false}"#);
        for token in [
            String::new(),
            "a.b".to_owned(),
            "a.b.c.d.e".to_owned(),
            format!("{}.{}.x", part("{}"), part("{}")),
            format!("{}.{}.!", part(r#"{"alg": "RS256"}"#), part("{}")),
            format!("{}.{}.", part(r#"{"alg": "RS256"}"#), part("no json")),
            format!("{critical}.{}.", part("{}")),
        ] {
            assert!(Jws::parse(&token).is_err(), "{token}");
        }
    }
}
