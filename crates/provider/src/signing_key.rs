//! The ES256 key that signs ID tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint as _, pkcs8::EncodePrivateKey as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use crate::{dpop::key::Thumbprint, randomness::Randomness};

/// The signing key cannot be generated, read or used.
#[derive(Debug, Error)]
#[error("the signing key cannot be used")]
pub struct SigningKeyError;

/// An ES256 key pair.
pub(crate) struct SigningKey {
    secret: SecretKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
    id: String,
    /// The coordinates in base64url.
    public: (String, String),
}

/// The claims of an ID token that matter in an `id_token_hint`.
#[derive(Debug, Deserialize)]
pub(crate) struct IdTokenHint {
    pub(crate) aud: String,
}

impl SigningKey {
    pub(crate) fn generate(randomness: &dyn Randomness) -> Result<Self, SigningKeyError> {
        // All but one in 2^32 random values are valid keys.
        for _ in 0..16 {
            let mut bytes = [0; 32];
            randomness.fill(&mut bytes);
            if let Ok(secret) = SecretKey::from_slice(&bytes) {
                return Self::new(secret);
            }
        }
        Err(SigningKeyError)
    }

    /// Restores the key that [`SigningKey::to_stored`] returned.
    pub(crate) fn from_stored(stored: &str) -> Result<Self, SigningKeyError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(stored)
            .map_err(|_| SigningKeyError)?;
        Self::new(SecretKey::from_slice(&bytes).map_err(|_| SigningKeyError)?)
    }

    /// Returns the private key for the state file.
    pub(crate) fn to_stored(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret.to_bytes())
    }

    fn new(secret: SecretKey) -> Result<Self, SigningKeyError> {
        let point = secret.public_key().to_encoded_point(false);
        let (Some(x), Some(y)) = (point.x(), point.y()) else {
            return Err(SigningKeyError);
        };
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let der = secret.to_pkcs8_der().map_err(|_| SigningKeyError)?;
        Ok(Self {
            encoding: EncodingKey::from_ec_der(der.as_bytes()),
            decoding: DecodingKey::from_ec_components(&x, &y).map_err(|_| SigningKeyError)?,
            id: Thumbprint::of_p256(&x, &y).as_str().to_owned(),
            public: (x, y),
            secret,
        })
    }

    /// Returns the JWK set (RFC 7517).
    pub(crate) fn jwks(&self) -> Value {
        let (x, y) = &self.public;
        json!({"keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
            "kid": self.id, "x": x, "y": y,
        }]})
    }

    /// Signs `claims` as a JWT.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, SigningKeyError> {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).map_err(|_| SigningKeyError)
    }

    /// Verifies an `id_token_hint`. An expired ID token is still a valid hint
    /// (RP-Initiated Logout section 4).
    pub(crate) fn verify_hint(&self, token: &str, issuer: &str) -> Option<IdTokenHint> {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.set_required_spec_claims(&["iss"]);
        validation.set_issuer(&[issuer]);
        let data = jsonwebtoken::decode(token, &self.decoding, &validation).ok()?;
        Some(data.claims)
    }
}
