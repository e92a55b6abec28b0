//! The client's public key, and the thumbprint that tokens are bound to.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::digest::Digest;

/// The SHA-256 thumbprint of a public key in base64url (RFC 7638): `jkt`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Thumbprint(String);

impl Thumbprint {
    /// Parses a thumbprint, which is the base64url of 32 bytes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// Computes the thumbprint of a P-256 key from its base64url coordinates.
    pub(crate) fn of_p256(x: &str, y: &str) -> Self {
        // RFC 7638 section 3.3 prescribes these members in this order.
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Self(Digest::of(&members).base64url())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The `jwk` in the header of a proof, as the client sent it.
#[derive(Deserialize)]
pub(super) struct Jwk {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    /// The private part of an EC key, which a client must never send.
    d: Option<IgnoredAny>,
}

/// The reason why the provider rejects a `jwk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JwkError {
    /// The JWK contains the private key.
    PrivateKey,
    /// The JWK is not a point on P-256.
    NotP256,
}

/// The public key that a proof was made with.
pub(super) struct PublicKey {
    pub(super) decoding: DecodingKey,
    pub(super) thumbprint: Thumbprint,
}

impl PublicKey {
    pub(super) fn read(jwk: &Jwk) -> Result<Self, JwkError> {
        if jwk.d.is_some() {
            return Err(JwkError::PrivateKey);
        }
        if jwk.kty != "EC" || jwk.crv.as_deref() != Some("P-256") {
            return Err(JwkError::NotP256);
        }
        let (Some(x), Some(y)) = (&jwk.x, &jwk.y) else {
            return Err(JwkError::NotP256);
        };
        // The uncompressed form of SEC 1 section 2.3.3. The base64 decoder
        // accepts only one spelling, so a key has only one thumbprint.
        let mut point = vec![4];
        for coordinate in [x, y] {
            let bytes = URL_SAFE_NO_PAD.decode(coordinate);
            let bytes = bytes.ok().filter(|bytes| bytes.len() == 32);
            point.extend(bytes.ok_or(JwkError::NotP256)?);
        }
        p256::PublicKey::from_sec1_bytes(&point).map_err(|_| JwkError::NotP256)?;
        Ok(Self {
            decoding: DecodingKey::from_ec_components(x, y).map_err(|_| JwkError::NotP256)?,
            thumbprint: Thumbprint::of_p256(x, y),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 9449, section 4.1 and section 6.1.
    const X: &str = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs";
    const Y: &str = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA";
    const JKT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    fn read(jwk: &serde_json::Value) -> Result<Thumbprint, JwkError> {
        let jwk = serde_json::from_value(jwk.clone()).unwrap();
        PublicKey::read(&jwk).map(|key| key.thumbprint)
    }

    #[test]
    fn the_thumbprint_matches_the_example_of_the_rfc() {
        let jwk = serde_json::json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "ext": true});
        assert_eq!(read(&jwk).unwrap().as_str(), JKT);
        assert!(Thumbprint::parse(JKT).is_some());
        assert!(Thumbprint::parse(&JKT[1..]).is_none());
    }

    #[test]
    fn a_private_key_is_refused() {
        let jwk = serde_json::json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y, "d": X});
        assert_eq!(read(&jwk), Err(JwkError::PrivateKey));
    }

    #[test]
    fn a_key_that_is_not_a_point_on_the_curve_is_refused() {
        for jwk in [
            serde_json::json!({"kty": "EC", "crv": "P-256", "x": Y, "y": X}),
            serde_json::json!({"kty": "EC", "crv": "P-256", "x": X}),
            serde_json::json!({"kty": "EC", "crv": "P-256", "x": X, "y": "AA"}),
            serde_json::json!({"kty": "EC", "crv": "P-384", "x": X, "y": Y}),
            serde_json::json!({"kty": "oct", "k": X}),
        ] {
            assert_eq!(read(&jwk), Err(JwkError::NotP256), "{jwk}");
        }
    }
}
