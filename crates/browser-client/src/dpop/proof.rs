//! The proof (RFC 9449, section 4.2).

use super::PublicKey;
use crate::{
    digest::{base64url, sha256},
    http::Response,
    report::exchange::challenge_error,
};
use confidant_protocol::token_error::error_code;
use serde_json::json;

/// What a proof is about.
pub(crate) struct Statement<'a> {
    /// Tells proofs apart.
    pub(crate) jti: &'a str,
    /// The method of the request.
    pub(crate) method: &'a str,
    /// Its URL.
    pub(crate) url: &'a str,
    /// Unix seconds.
    pub(crate) issued_at: u64,
    /// The access token that goes with the request.
    pub(crate) access_token: Option<&'a str>,
    /// The server's nonce.
    pub(crate) nonce: Option<&'a str>,
}

/// What is signed: header and claims. The signature goes behind it, after a
/// dot.
pub(crate) fn signing_input(key: &PublicKey, statement: &Statement<'_>) -> String {
    let jwk = key.jwk();
    let header = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#);
    let mut claims = json!({
        "jti": statement.jti,
        "htm": statement.method,
        "htu": target(statement.url),
        "iat": statement.issued_at,
    });
    if let Some(token) = statement.access_token {
        claims["ath"] = base64url(sha256(token)).into();
    }
    if let Some(nonce) = statement.nonce {
        claims["nonce"] = nonce.into();
    }
    format!("{}.{}", base64url(header), base64url(claims.to_string()))
}

/// The URL without query and fragment.
fn target(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// What a server did not like about a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Complaint {
    /// Its nonce is missing or old.
    Nonce,
    /// The proof itself: our clock is wrong, or it was seen before. A browser
    /// sends a request again by itself when its connection breaks.
    Proof,
}

/// What a server says of the proof: at the token endpoint in the body
/// (section 8), at a resource in the challenge (section 9).
pub(crate) fn complaint(response: &Response) -> Option<Complaint> {
    if !matches!(response.status, 400 | 401) {
        return None;
    }
    let challenge = response.www_authenticate.as_deref();
    let error = challenge
        .and_then(challenge_error)
        .map(str::to_owned)
        .or_else(|| error_code(&serde_json::from_str(&response.body).ok()?))?;
    match error.as_str() {
        "use_dpop_nonce" => Some(Complaint::Nonce),
        "invalid_dpop_proof" => Some(Complaint::Proof),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{digest::from_base64url, dpop::key::tests::example};
    use serde_json::Value;

    fn claims(statement: &Statement<'_>) -> (Value, Value) {
        let input = signing_input(&example(), statement);
        let (header, claims) = input.split_once('.').unwrap();
        let read = |part| serde_json::from_slice(&from_base64url(part).unwrap()).unwrap();
        (read(header), read(claims))
    }

    #[test]
    fn a_proof_says_which_request_it_is_for() {
        let (header, claims) = claims(&Statement {
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
        let (_, claims) = claims(&Statement {
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
    fn a_complaint_is_in_the_body_or_in_the_challenge() {
        let with = |status, body: &str, challenge: Option<&str>| {
            complaint(&Response {
                status,
                body: body.into(),
                www_authenticate: challenge.map(str::to_owned),
                ..Response::default()
            })
        };
        let error = r#"{"error":"use_dpop_nonce"}"#;
        assert_eq!(with(400, error, None), Some(Complaint::Nonce));
        let challenge = Some("DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
        assert_eq!(with(401, "", challenge), Some(Complaint::Proof));
        assert_eq!(with(200, error, None), None);
        assert_eq!(with(401, "", Some("Bearer error=\"invalid_token\"")), None);
        assert_eq!(with(401, "", None), None);
    }
}
