//! A provider's key set (RFC 7517, section 5). Keys of a kind that is not known,
//! or that are malformed, are left out: the others are still good.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// The curve of an EC key (RFC 7518, section 6.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    Ec {
        curve: Curve,
        /// The uncompressed point.
        point: Vec<u8>,
    },
    Ed25519(Vec<u8>),
}

/// A key and its id.
#[derive(Clone, Debug)]
pub(super) struct NamedKey {
    pub(super) kid: Option<String>,
    pub(super) key: Key,
}

/// The keys that sign a provider's tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeySet(Vec<NamedKey>);

impl KeySet {
    /// Reads a key set. Returns `None` if the document is none.
    pub(crate) fn parse(document: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(document).ok()?;
        let keys = document.get("keys")?.as_array()?;
        Some(Self(keys.iter().filter_map(named_key).collect()))
    }

    /// Returns the keys that may have signed a token whose header names this
    /// key. Without a name, or for keys without one, each may have.
    pub(super) fn candidates<'a>(&'a self, kid: Option<&'a str>) -> impl Iterator<Item = &'a Key> {
        self.0
            .iter()
            .filter(move |named| match (&named.kid, kid) {
                (Some(of_key), Some(kid)) => of_key == kid,
                _ => true,
            })
            .map(|named| &named.key)
    }

    /// Returns the ids of the keys, for the log.
    pub(super) fn ids(&self) -> String {
        let ids: Vec<_> = self
            .0
            .iter()
            .map(|named| named.kid.as_deref().unwrap_or("(no kid)"))
            .collect();
        ids.join(" ")
    }
}

fn named_key(jwk: &Value) -> Option<NamedKey> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let bytes = |name: &str| decode(text(name)?);
    let key = match (text("kty")?, text("crv")) {
        ("RSA", _) => Key::Rsa {
            n: without_leading_zeros(bytes("n")?),
            e: without_leading_zeros(bytes("e")?),
        },
        ("EC", Some(name)) => {
            let (curve, size) = match name {
                "P-256" => (Curve::P256, 32),
                "P-384" => (Curve::P384, 48),
                "P-521" => (Curve::P521, 66),
                _ => return None,
            };
            let (x, y) = (padded(bytes("x")?, size)?, padded(bytes("y")?, size)?);
            let point = [vec![4], x, y].concat();
            Key::Ec { curve, point }
        }
        ("OKP", Some("Ed25519")) => Key::Ed25519(bytes("x")?),
        _ => return None,
    };
    Some(NamedKey {
        kid: text("kid").map(str::to_owned),
        key,
    })
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

fn without_leading_zeros(mut bytes: Vec<u8>) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.split_off(zeros)
}

/// Some providers leave out the leading zeros of a coordinate.
fn padded(bytes: Vec<u8>, size: usize) -> Option<Vec<u8>> {
    let missing = size.checked_sub(bytes.len())?;
    Some([vec![0; missing], bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_and_malformed_keys_are_left_out() {
        let document = r#"{"keys": [
            {"kty": "RSA", "kid": "a", "n": "AAAB", "e": "AQAB"},
            {"kty": "RSA", "use": "enc", "n": "AQ", "e": "AQAB"},
            {"kty": "RSA", "n": "!", "e": "AQAB"},
            {"kty": "EC", "crv": "secp256k1", "x": "AQ", "y": "AQ"},
            {"kty": "oct", "k": "AQ"},
            {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AQ"},
            {"kty": "OKP", "crv": "Ed25519", "x": "AQ"},
            "no key"
        ], "more": 1}"#;
        let keys = KeySet::parse(document.as_bytes()).unwrap();
        assert_eq!(keys.ids(), "a (no kid)");
        let n = vec![1];
        let e = vec![1, 0, 1];
        assert_eq!(keys.candidates(Some("a")).next(), Some(&Key::Rsa { n, e }));
        assert_eq!(keys.candidates(Some("b")).count(), 1);
        assert_eq!(keys.candidates(None).count(), 2);
    }

    #[test]
    fn a_document_without_keys_is_no_key_set_and_an_empty_one_is() {
        assert_eq!(KeySet::parse(br#"{"keys": []}"#).unwrap().ids(), "");
        for other in ["{}", "[]", r#"{"keys": {}}"#, "<html>", ""] {
            assert!(KeySet::parse(other.as_bytes()).is_none(), "{other}");
        }
    }
}
