//! A client's key and its DPoP proofs.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint as _, pkcs8::EncodePrivateKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    ISSUER, SPA, TestApp, TestResponse, Tokens, expect_tokens, form_request, spa_code_form,
};

/// The key pair of a client.
pub(crate) struct Key {
    secret: SecretKey,
    pub(crate) jwk: Value,
}

impl Key {
    /// Returns the key pair for `seed`.
    pub(crate) fn new(seed: u8) -> Self {
        let secret = SecretKey::from_slice(&[seed; 32]).unwrap();
        let point = secret.public_key().to_encoded_point(false);
        let x = URL_SAFE_NO_PAD.encode(point.x().unwrap());
        let y = URL_SAFE_NO_PAD.encode(point.y().unwrap());
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        Self { secret, jwk }
    }

    /// Returns the member `d` of the private JWK.
    pub(crate) fn private(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret.to_bytes())
    }

    /// Returns the thumbprint (RFC 7638).
    pub(crate) fn jkt(&self) -> String {
        // The members of this map are in the required order already.
        hash(&self.jwk.to_string())
    }

    /// Returns a proof for a request to the token endpoint.
    pub(crate) fn at_token_endpoint(&self, app: &TestApp) -> Proof {
        self.proof(app, "POST", "/token")
    }

    /// Returns a proof for a GET request with an access token.
    pub(crate) fn with_token(&self, app: &TestApp, path: &str, access_token: &str) -> Proof {
        let proof = self.proof(app, "GET", path);
        proof.claim("ath", hash(access_token).into())
    }

    fn proof(&self, app: &TestApp, method: &str, path: &str) -> Proof {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let id = LAST.fetch_add(1, Ordering::Relaxed);
        Proof {
            header: json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk}),
            claims: json!({
                "jti": format!("proof {id}"),
                "htm": method,
                "htu": format!("{ISSUER}{path}"),
                "iat": app.now(),
            }),
            key: EncodingKey::from_ec_der(self.secret.to_pkcs8_der().unwrap().as_bytes()),
        }
    }
}

/// A proof before its signature.
pub(crate) struct Proof {
    header: Value,
    claims: Value,
    key: EncodingKey,
}

impl Proof {
    /// Changes a claim, or removes it if `value` is null.
    pub(crate) fn claim(mut self, name: &str, value: Value) -> Self {
        change(&mut self.claims, name, value);
        self
    }

    /// Changes a member of the header, or removes it if `value` is null.
    pub(crate) fn header(mut self, name: &str, value: Value) -> Self {
        change(&mut self.header, name, value);
        self
    }

    pub(crate) fn nonce(self, nonce: &str) -> Self {
        self.claim("nonce", nonce.into())
    }

    /// Returns the signed proof.
    pub(crate) fn sign(&self) -> String {
        let message = self.unsigned();
        let signature = crypto::sign(message.as_bytes(), &self.key, Algorithm::ES256).unwrap();
        format!("{message}.{signature}")
    }

    /// Returns the proof signed with another algorithm and key.
    pub(crate) fn sign_with(&self, algorithm: Algorithm, key: &EncodingKey) -> String {
        let message = self.unsigned();
        let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
        format!("{message}.{signature}")
    }

    /// Returns header and claims without a signature.
    pub(crate) fn unsigned(&self) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        format!("{}.{}", encode(&self.header), encode(&self.claims))
    }
}

fn change(object: &mut Value, name: &str, value: Value) {
    let object = object.as_object_mut().unwrap();
    match value {
        Value::Null => object.remove(name),
        value => object.insert(name.to_owned(), value),
    };
}

/// Returns the SHA-256 digest in base64url, as in `ath` and `jkt`.
pub(crate) fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// Returns the form of a refresh by the public client.
pub(crate) fn spa_refresh_form(token: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", SPA.to_owned()),
        ("refresh_token", token.to_owned()),
    ]
}

impl TestApp {
    /// Obtains the current nonce by a request without one.
    pub(crate) async fn nonce(&self) -> String {
        let proof = Key::new(99).at_token_endpoint(self).sign();
        let response = self
            .post_with_proofs(&spa_refresh_form("none"), &[&proof])
            .await;
        response.assert_error(400, "use_dpop_nonce");
        response.header("dpop-nonce").to_owned()
    }

    /// Posts a form to the token endpoint with these `DPoP` headers.
    pub(crate) async fn post_with_proofs(
        &self,
        form: &[(&'static str, String)],
        proofs: &[&str],
    ) -> TestResponse {
        let mut request = form_request("/token", form);
        for proof in proofs {
            let proof = HeaderValue::from_str(proof).unwrap();
            request.headers_mut().append("dpop", proof);
        }
        self.send(request).await
    }

    /// Posts a form to the token endpoint with a valid proof by `key`.
    pub(crate) async fn post_with_key(
        &self,
        form: &[(&'static str, String)],
        key: &Key,
    ) -> TestResponse {
        let proof = key.at_token_endpoint(self).nonce(&self.nonce().await);
        self.post_with_proofs(form, &[&proof.sign()]).await
    }

    /// Returns new tokens of the public client for alice, bound to `key`.
    pub(crate) async fn bound_tokens(&self, key: &Key) -> Tokens {
        let code = self.spa_code().await;
        expect_tokens(&self.post_with_key(&spa_code_form(&code), key).await)
    }

    /// Refreshes as the public client with a valid proof by `key`.
    pub(crate) async fn bound_refresh(&self, token: &str, key: &Key) -> TestResponse {
        self.post_with_key(&spa_refresh_form(token), key).await
    }

    /// Sends a GET request with a token as DPoP, and these proofs.
    pub(crate) async fn get_with_proofs(
        &self,
        path: &str,
        token: &str,
        proofs: &[&str],
    ) -> TestResponse {
        let mut request = Request::get(path).header(header::AUTHORIZATION, format!("DPoP {token}"));
        for proof in proofs {
            request = request.header("dpop", *proof);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a GET request with a token and a valid proof by `key`.
    pub(crate) async fn get_with_key(&self, path: &str, token: &str, key: &Key) -> TestResponse {
        let proof = key.with_token(self, path, token);
        let proof = proof.nonce(&self.nonce().await);
        self.get_with_proofs(path, token, &[&proof.sign()]).await
    }
}
