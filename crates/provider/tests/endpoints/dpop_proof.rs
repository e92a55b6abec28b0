//! Invalid proofs (RFC 9449 section 4.3) at the token endpoint and at
//! resources.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use confidant_provider::ClockOffsets;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::app::{
    ISSUER, Key, Proof, TestApp, expect_tokens, hash, spa_code_form, spa_refresh_form,
};

/// Returns invalid proofs with the expected reason, made from `valid` ones.
fn bad_proofs(app: &TestApp, key: &Key, valid: &dyn Fn() -> Proof) -> Vec<(&'static str, String)> {
    let mut private = key.jwk.clone();
    private["d"] = key.private().into();
    let mut other_curve = key.jwk.clone();
    other_curve["crv"] = "P-384".into();
    let mut off_curve = key.jwk.clone();
    off_curve["x"] = key.jwk["y"].clone();
    let symmetric = json!({"kty": "oct", "k": key.jwk["x"]});
    // Algorithm confusion: the public key as an HMAC secret.
    let x = URL_SAFE_NO_PAD.decode(key.jwk["x"].as_str().unwrap());
    let shared = EncodingKey::from_secret(&x.unwrap());
    let hmac = |proof: Proof| {
        let proof = proof.header("alg", "HS256".into());
        proof.sign_with(Algorithm::HS256, &shared)
    };
    let header = |name: &str, value: Value| valid().header(name, value).sign();
    let claim = |name: &str, value: Value| valid().claim(name, value).sign();
    let none = valid().header("alg", "none".into());
    let forged = |signed: &str, other: &Proof| {
        let (_, signature) = signed.rsplit_once('.').unwrap();
        format!("{}.{signature}", other.unsigned())
    };
    let now = app.now();
    vec![
        ("malformed_proof", String::new()),
        ("malformed_proof", "x.y.z".to_owned()),
        ("malformed_proof", valid().unsigned()),
        ("proof_signature", format!("{}.x", valid().sign())),
        ("malformed_proof", header("crit", json!(["exp"]))),
        ("malformed_proof", claim("iat", "soon".into())),
        ("proof_type", header("typ", Value::Null)),
        ("proof_type", header("typ", "JWT".into())),
        ("proof_algorithm", format!("{}.", none.unsigned())),
        ("proof_algorithm", none.sign()),
        ("proof_algorithm", header("alg", Value::Null)),
        ("proof_algorithm", header("alg", "es256".into())),
        ("proof_algorithm", hmac(valid())),
        (
            "proof_algorithm",
            hmac(valid().header("jwk", symmetric.clone())),
        ),
        ("proof_private_key", header("jwk", private)),
        ("proof_key", header("jwk", Value::Null)),
        ("proof_key", header("jwk", symmetric)),
        ("proof_key", header("jwk", other_curve)),
        ("proof_key", header("jwk", off_curve)),
        ("proof_signature", header("jwk", Key::new(42).jwk)),
        ("proof_signature", format!("{}.", valid().unsigned())),
        ("proof_signature", forged(&valid().sign(), &valid())),
        ("proof_method", claim("htm", Value::Null)),
        ("proof_method", claim("htm", "PUT".into())),
        ("proof_method", claim("htm", "post".into())),
        ("proof_uri", claim("htu", Value::Null)),
        ("proof_uri", claim("htu", ISSUER.into())),
        ("proof_uri", claim("htu", format!("{ISSUER}/revoke").into())),
        ("proof_uri", claim("htu", format!("{ISSUER}/token/").into())),
        (
            "proof_uri",
            claim("htu", "http://localhost:4000/token".into()),
        ),
        (
            "proof_uri",
            claim("htu", "https://127.0.0.1:4000/token".into()),
        ),
        ("proof_uri", claim("htu", "/token".into())),
        ("proof_time", claim("iat", Value::Null)),
        ("proof_time", claim("iat", (now - 61).into())),
        ("proof_time", claim("iat", (now + 61).into())),
        ("proof_time", claim("iat", 1e300.into())),
        ("proof_without_id", claim("jti", Value::Null)),
        ("proof_without_id", claim("jti", "".into())),
    ]
}

/// Returns the reason of the latest refused proof.
async fn latest(app: &TestApp) -> Value {
    let log = app.get("/demo/decisions").await.json();
    let latest = log.as_array().unwrap().last().unwrap().clone();
    assert_eq!(latest["about"], "proof");
    latest["reason"].clone()
}

#[tokio::test]
async fn an_invalid_proof_is_refused_at_the_token_endpoint_and_spends_nothing() {
    let app = TestApp::new();
    let key = Key::new(1);
    let nonce = app.nonce().await;
    let code = spa_code_form(&app.spa_code().await);
    let tokens = app.bound_tokens(&key).await;
    let refresh = spa_refresh_form(tokens.refresh());
    let proof = || key.at_token_endpoint(&app).nonce(&nonce);
    for (why, proof) in bad_proofs(&app, &key, &proof) {
        for form in [&code, &refresh] {
            let response = app.post_with_proofs(form, &[&proof]).await;
            response.assert_error(400, "invalid_dpop_proof");
            assert_eq!(latest(&app).await, why, "{proof}");
        }
    }
    for form in [&code, &refresh] {
        let two = [proof().sign(), proof().sign()];
        let response = app.post_with_proofs(form, &[&two[0], &two[1]]).await;
        response.assert_error(400, "invalid_dpop_proof");
        assert_eq!(latest(&app).await, "several_proofs");
        expect_tokens(&app.post_with_proofs(form, &[&proof().sign()]).await);
    }
}

#[tokio::test]
async fn an_invalid_proof_is_refused_at_resources() {
    let app = TestApp::new();
    let key = Key::new(1);
    let nonce = app.nonce().await;
    let tokens = app.bound_tokens(&key).await;
    let other = app.bound_tokens(&key).await;
    let token = tokens.access();
    for path in ["/api/me", "/userinfo"] {
        let proof = || key.with_token(&app, path, token).nonce(&nonce);
        let ath = |value: Value| ("proof_token", proof().claim("ath", value).sign());
        let of_token = [
            ath(Value::Null),
            ath("".into()),
            ath(token.into()),
            ath(hash(other.access()).into()),
        ];
        let bad = bad_proofs(&app, &key, &proof).into_iter().chain(of_token);
        for (why, proof) in bad {
            let response = app.get_with_proofs(path, token, &[&proof]).await;
            response.assert_error(401, "invalid_dpop_proof");
            assert_eq!(latest(&app).await, why, "{proof}");
            let challenge = response.header("www-authenticate");
            assert!(challenge.starts_with("DPoP error=\"invalid_dpop_proof\""));
        }
        for proofs in [&[][..], &[&*proof().sign(), &*proof().sign()]] {
            let response = app.get_with_proofs(path, token, proofs).await;
            response.assert_error(401, "invalid_dpop_proof");
        }
        let response = app.get_with_proofs(path, token, &[&proof().sign()]).await;
        assert_eq!(response.status, 200, "{}", response.text);
    }
}

#[tokio::test]
async fn a_proof_is_accepted_once() {
    let app = TestApp::new();
    let key = Key::new(1);
    let nonce = app.nonce().await;
    let proof = key.at_token_endpoint(&app).nonce(&nonce).sign();
    let code = spa_code_form(&app.spa_code().await);
    let tokens = expect_tokens(&app.post_with_proofs(&code, &[&proof]).await);
    let form = spa_refresh_form(tokens.refresh());
    let response = app.post_with_proofs(&form, &[&proof]).await;
    response.assert_error(400, "invalid_dpop_proof");
    assert_eq!(latest(&app).await, "proof_replayed");

    let token = tokens.access();
    let proof = key.with_token(&app, "/api/me", token).nonce(&nonce).sign();
    assert_eq!(
        app.get_with_proofs("/api/me", token, &[&proof])
            .await
            .status,
        200
    );
    app.advance_clock(std::time::Duration::from_secs(59));
    let response = app.get_with_proofs("/api/me", token, &[&proof]).await;
    response.assert_error(401, "invalid_dpop_proof");
    assert_eq!(latest(&app).await, "proof_replayed");
}

#[tokio::test]
async fn a_client_cannot_use_up_the_jti_of_another() {
    let app = TestApp::new();
    let (mine, theirs) = (Key::new(1), Key::new(2));
    let nonce = app.nonce().await;
    for key in [theirs, mine] {
        let code = spa_code_form(&app.spa_code().await);
        let proof = key.at_token_endpoint(&app).nonce(&nonce);
        let proof = proof.claim("jti", "the same".into()).sign();
        expect_tokens(&app.post_with_proofs(&code, &[&proof]).await);
    }
}

#[tokio::test]
async fn variations_that_the_rfc_permits_are_accepted() {
    let app = TestApp::new();
    let key = Key::new(1);
    let nonce = app.nonce().await;
    let tokens = app.bound_tokens(&key).await;
    let form = spa_refresh_form(tokens.refresh());
    let mut exported = key.jwk.clone();
    exported["ext"] = true.into();
    exported["key_ops"] = json!(["verify"]);
    let proof = || key.at_token_endpoint(&app).nonce(&nonce);
    for proof in [
        proof().claim("iat", (app.now() - 60).into()),
        proof().claim("iat", (app.now() + 60).into()),
        proof().claim("iat", (app.now() as f64 + 0.5).into()),
        proof().claim("htu", format!("{ISSUER}/token?a=b#c").into()),
        proof().claim("htu", "HTTP://127.0.0.1:4000/./token".into()),
        proof().header("jwk", exported),
        proof().claim("ath", hash("anything").into()),
    ] {
        expect_tokens(&app.post_with_proofs(&form, &[&proof.sign()]).await);
    }
    // The query of the request does not matter either.
    let proof = key.with_token(&app, "/api/echo", tokens.access());
    let proof = proof.nonce(&nonce).sign();
    let response = app
        .get_with_proofs("/api/echo?a=b", tokens.access(), &[&proof])
        .await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert!(response.json()["headers"].get("dpop").is_none());
}

#[tokio::test]
async fn the_iat_of_a_proof_is_checked_against_the_clock_of_its_recipient() {
    let app = TestApp::new();
    let key = Key::new(1);
    let tokens = app.bound_tokens(&key).await;
    let token = tokens.access();
    let status = async |path: &str| app.get_with_key(path, token, &key).await.status.as_u16();
    app.controls.set_clock(ClockOffsets {
        provider_ms: 0,
        api_ms: -90_000,
    });
    assert_eq!(status("/api/me").await, 401);
    assert_eq!(latest(&app).await, "proof_time");
    assert_eq!(status("/userinfo").await, 200);
    // A slow clock, because a fast one would expire the token.
    app.controls.set_clock(ClockOffsets {
        provider_ms: -90_000,
        api_ms: 0,
    });
    let nonce = "any";
    let proof = key.at_token_endpoint(&app).nonce(nonce).sign();
    let form = spa_refresh_form(tokens.refresh());
    let response = app.post_with_proofs(&form, &[&proof]).await;
    response.assert_error(400, "invalid_dpop_proof");
    assert_eq!(latest(&app).await, "proof_time");
    assert_eq!(api_status_with_own_nonce(&app, &key, token).await, 200);
}

/// Returns the status of an API request with a nonce from the API. The token
/// endpoint gives none while the provider's clock is wrong.
async fn api_status_with_own_nonce(app: &TestApp, key: &Key, token: &str) -> u16 {
    let proof = key.with_token(app, "/api/me", token);
    let refused = app
        .get_with_proofs("/api/me", token, &[&proof.sign()])
        .await;
    refused.assert_error(401, "use_dpop_nonce");
    let proof = key.with_token(app, "/api/me", token);
    let proof = proof.nonce(refused.header("dpop-nonce")).sign();
    app.get_with_proofs("/api/me", token, &[&proof])
        .await
        .status
        .as_u16()
}
