//! The content of a proof and its checks (RFC 9449 section 4).

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, crypto};
use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};
use url::Url;

use super::key::{Jwk, JwkError, PublicKey, Thumbprint};
use crate::{clock::UnixTime, digest::Digest};

/// How far `iat` may differ from the current time.
pub(crate) const TIME_TOLERANCE: Duration = Duration::from_secs(60);

/// The only supported signature algorithm.
pub(crate) const ALGORITHM: &str = "ES256";

/// The request that a proof must belong to.
pub(crate) struct ExpectedRequest<'a> {
    pub(crate) method: &'a str,
    /// The URL of the request.
    pub(crate) uri: &'a str,
    /// The access token in a request to a resource.
    pub(crate) access_token: Option<&'a str>,
    /// The key that the access token is bound to.
    pub(crate) key: Option<&'a Thumbprint>,
    /// The time by the clock of the server that checks the proof.
    pub(crate) now: UnixTime,
}

/// A proof that passed all checks except those of nonce and replay.
#[derive(Debug)]
pub(crate) struct Proof {
    /// The key that the proof was made with.
    pub(crate) key: Thumbprint,
    /// Identifies the proof in the replay cache. The key is part of it, so
    /// that a client cannot use up the `jti` of another client.
    pub(crate) id: Digest,
    pub(crate) nonce: Option<String>,
}

/// The reason why a proof is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProofError {
    Missing,
    Several,
    Malformed,
    Type,
    Algorithm,
    PrivateKey,
    Key,
    Signature,
    OtherKey,
    Method,
    Uri,
    Time,
    NoId,
    OtherToken,
    Replayed,
}

impl ProofError {
    /// Returns a fixed code for the decision log.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Missing => "proof_missing",
            Self::Several => "several_proofs",
            Self::Malformed => "malformed_proof",
            Self::Type => "proof_type",
            Self::Algorithm => "proof_algorithm",
            Self::PrivateKey => "proof_private_key",
            Self::Key => "proof_key",
            Self::Signature => "proof_signature",
            Self::OtherKey => "other_key",
            Self::Method => "proof_method",
            Self::Uri => "proof_uri",
            Self::Time => "proof_time",
            Self::NoId => "proof_without_id",
            Self::OtherToken => "proof_token",
            Self::Replayed => "proof_replayed",
        }
    }

    /// Returns a sentence for the client's developer.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Missing => "The token is bound to a key, and the request has no DPoP proof.",
            Self::Several => "The request has more than one DPoP header.",
            Self::Malformed => "The DPoP header is not a JWT with the claims of a proof.",
            Self::Type => "The proof's typ is not dpop+jwt.",
            Self::Algorithm => "The proof's alg is not ES256.",
            Self::PrivateKey => {
                "The proof's jwk contains the private key, which is now compromised."
            }
            Self::Key => "The proof's jwk is not a public key on P-256.",
            Self::Signature => "The proof's signature does not match its jwk.",
            Self::OtherKey => "The token is bound to a different key.",
            Self::Method => "The proof's htm is not the method of the request.",
            Self::Uri => "The proof's htu is not the URL of the request.",
            Self::Time => "The proof's iat differs from the current time by more than a minute.",
            Self::NoId => "The proof has no jti.",
            Self::OtherToken => "The proof's ath is not the hash of the access token.",
            Self::Replayed => "The proof was used before.",
        }
    }
}

#[derive(Deserialize)]
struct Header {
    typ: Option<String>,
    alg: Option<String>,
    jwk: Option<Jwk>,
    /// Extensions that the recipient must understand (RFC 7515 section
    /// 4.1.11). The provider understands none.
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    jti: Option<String>,
    htm: Option<String>,
    htu: Option<String>,
    /// A NumericDate may have a fraction (RFC 7519 section 2).
    iat: Option<f64>,
    ath: Option<String>,
    nonce: Option<String>,
}

/// Parses a proof and checks it against the request (section 4.3).
pub(crate) fn validate(text: &str, expected: &ExpectedRequest<'_>) -> Result<Proof, ProofError> {
    let (message, signature) = text.rsplit_once('.').ok_or(ProofError::Malformed)?;
    let (header, claims) = message.split_once('.').ok_or(ProofError::Malformed)?;
    let header: Header = decode_part(header)?;
    if header.typ.as_deref() != Some("dpop+jwt") {
        return Err(ProofError::Type);
    }
    // Check this before the signature: `none` and the symmetric algorithms
    // would let an attacker sign.
    if header.alg.as_deref() != Some(ALGORITHM) {
        return Err(ProofError::Algorithm);
    }
    if header.crit.is_some() {
        return Err(ProofError::Malformed);
    }
    let key =
        PublicKey::read(&header.jwk.ok_or(ProofError::Key)?).map_err(|error| match error {
            JwkError::PrivateKey => ProofError::PrivateKey,
            JwkError::NotP256 => ProofError::Key,
        })?;
    let signed = crypto::verify(
        signature,
        message.as_bytes(),
        &key.decoding,
        Algorithm::ES256,
    );
    if !signed.unwrap_or(false) {
        return Err(ProofError::Signature);
    }
    let key = key.thumbprint;
    if expected.key.is_some_and(|bound| *bound != key) {
        return Err(ProofError::OtherKey);
    }
    check_claims(decode_part(claims)?, key, expected)
}

fn check_claims(
    claims: Claims,
    key: Thumbprint,
    expected: &ExpectedRequest<'_>,
) -> Result<Proof, ProofError> {
    if claims.htm.as_deref() != Some(expected.method) {
        return Err(ProofError::Method);
    }
    let uri = claims.htu.as_deref().and_then(without_query);
    if uri.is_none() || uri != without_query(expected.uri) {
        return Err(ProofError::Uri);
    }
    let now = expected.now.seconds() as f64;
    let difference = claims.iat.map(|iat| (now - iat.floor()).abs());
    if !difference.is_some_and(|seconds| seconds <= TIME_TOLERANCE.as_secs_f64()) {
        return Err(ProofError::Time);
    }
    let id = claims.jti.filter(|id| !id.is_empty());
    let id = id.ok_or(ProofError::NoId)?;
    if let Some(token) = expected.access_token {
        let hash = Digest::of(token).base64url();
        if claims.ath.as_deref() != Some(&hash) {
            return Err(ProofError::OtherToken);
        }
    }
    Ok(Proof {
        id: Digest::of_fields(&[key.as_str().as_bytes(), id.as_bytes()]),
        key,
        nonce: claims.nonce,
    })
}

fn decode_part<T: DeserializeOwned>(text: &str) -> Result<T, ProofError> {
    let bytes = URL_SAFE_NO_PAD.decode(text);
    let bytes = bytes.map_err(|_| ProofError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| ProofError::Malformed)
}

/// Normalizes a URL for the comparison of section 4.3, which ignores query
/// and fragment.
fn without_query(uri: &str) -> Option<Url> {
    let mut uri = Url::parse(uri).ok()?;
    uri.set_query(None);
    uri.set_fragment(None);
    Some(uri)
}
