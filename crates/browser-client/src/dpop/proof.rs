//! The DPoP proof (RFC 9449, section 4.2).

use crate::{
    digest::{base64url, sha256},
    http::Response,
    public_key::PublicKey,
};
use confidant_protocol::token_error::error_code;
use serde_json::json;

/// The claims of a proof.
pub(crate) struct ProofClaims<'a> {
    /// A unique identifier.
    pub(crate) jti: &'a str,
    /// The method of the request.
    pub(crate) method: &'a str,
    /// The URL of the request.
    pub(crate) url: &'a str,
    /// When the proof was made, in Unix seconds.
    pub(crate) issued_at: u64,
    /// The access token of the request.
    pub(crate) access_token: Option<&'a str>,
    /// The server's nonce.
    pub(crate) nonce: Option<&'a str>,
}

/// Returns the signing input: header and claims. The signature follows after a
/// dot.
pub(crate) fn signing_input(key: &PublicKey, proof: &ProofClaims<'_>) -> String {
    let jwk = key.jwk();
    let header = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#);
    let mut claims = json!({
        "jti": proof.jti,
        "htm": proof.method,
        "htu": target(proof.url),
        "iat": proof.issued_at,
    });
    if let Some(token) = proof.access_token {
        claims["ath"] = base64url(sha256(token)).into();
    }
    if let Some(nonce) = proof.nonce {
        claims["nonce"] = nonce.into();
    }
    format!("{}.{}", base64url(header), base64url(claims.to_string()))
}

/// Returns the URL without query and fragment.
fn target(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Why a server refused a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DpopError {
    /// It needs a nonce, or a newer one (`use_dpop_nonce`).
    UseNonce,
    /// The proof is invalid (`invalid_dpop_proof`): this browser's clock is
    /// wrong, or the server has seen the proof before, because a browser sends a
    /// request again by itself when its connection breaks.
    InvalidProof,
}

/// Returns the error that a response reports about the proof: at the token
/// endpoint in the body (section 8), at a resource in the challenge
/// (section 9).
pub(crate) fn dpop_error(response: &Response) -> Option<DpopError> {
    if !matches!(response.status, 400 | 401) {
        return None;
    }
    let error = response
        .challenge_error()
        .map(str::to_owned)
        .or_else(|| error_code(&serde_json::from_str(&response.body).ok()?))?;
    match error.as_str() {
        "use_dpop_nonce" => Some(DpopError::UseNonce),
        "invalid_dpop_proof" => Some(DpopError::InvalidProof),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{digest::from_base64url, public_key::tests::example};
    use serde_json::Value;

    fn claims(proof: &ProofClaims<'_>) -> (Value, Value) {
        let input = signing_input(&example(), proof);
        let (header, claims) = input.split_once('.').unwrap();
        let read = |part| serde_json::from_slice(&from_base64url(part).unwrap()).unwrap();
        (read(header), read(claims))
    }

    #[test]
    fn a_proof_names_its_request() {
        let (header, claims) = claims(&ProofClaims {
            jti: "-BwC3ESc6acc2lTc",
            method: "POST",
            url: "https://server.example.com/token?x=y#z",
            issued_at: 1562262616,
            access_token: None,
            nonce: None,
        });
        assert_eq!(
            (&header["typ"], &header["alg"]),
            (&"dpop+jwt".into(), &"ES256".into())
        );
        assert_eq!(header["jwk"]["x"], example().x);
        assert!(header["jwk"].get("d").is_none());
        let expected = json!({
            "jti": "-BwC3ESc6acc2lTc", "htm": "POST",
            "htu": "https://server.example.com/token", "iat": 1562262616,
        });
        assert_eq!(claims, expected);
    }

    #[test]
    fn a_proof_for_a_resource_is_tied_to_the_token_and_the_nonce() {
        // RFC 9449, section 7.1.
        let (_, claims) = claims(&ProofClaims {
            jti: "j",
            method: "GET",
            url: "https://resource.example.org/protectedresource",
            issued_at: 1,
            access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            nonce: Some("eyJ7S_zG.eyJH0-Z.HX4w-7v"),
        });
        assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        assert_eq!(claims["nonce"], "eyJ7S_zG.eyJH0-Z.HX4w-7v");
    }

    #[test]
    fn an_error_is_in_the_body_or_in_the_challenge() {
        let with = |status, body: &str, challenge: Option<&str>| {
            dpop_error(&Response {
                status,
                body: body.into(),
                www_authenticate: challenge.map(str::to_owned),
                ..Response::default()
            })
        };
        let error = r#"{"error":"use_dpop_nonce"}"#;
        assert_eq!(with(400, error, None), Some(DpopError::UseNonce));
        let challenge = Some("DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
        assert_eq!(with(401, "", challenge), Some(DpopError::InvalidProof));
        assert_eq!(with(200, error, None), None);
        assert_eq!(with(401, "", Some("Bearer error=\"invalid_token\"")), None);
        assert_eq!(with(401, "", None), None);
    }
}
