//! `POST /token` with a code.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::app::{APP, ISSUER, SECRET, TestApp, VERIFIER, basic, form_request, web_request};

/// Returns the form that exchanges `code`, with `changes`.
fn form(code: &str, changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut form = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", format!("{APP}/callback")),
        ("code_verifier", VERIFIER.to_owned()),
    ];
    for (name, value) in changes {
        form.retain(|(own, _)| own != name);
        form.push((name, (*value).to_owned()));
    }
    form
}

#[tokio::test]
async fn a_code_gives_tokens() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    assert_eq!(tokens.0["token_type"], "Bearer");
    assert_eq!(tokens.0["expires_in"], 60);
    assert_eq!(tokens.0["scope"], "openid profile email offline_access");
    assert_eq!(tokens.0["refresh_token_expires_in"], 14 * 24 * 3600);
    assert!(app.accepts(tokens.access()).await);
}

#[tokio::test]
async fn the_id_token_is_signed_and_has_the_claims_of_the_sign_in() {
    let app = TestApp::new();
    let code = app.code(&[]).await;
    app.advance_clock(Duration::from_secs(5));
    let tokens = app.exchange("confidant-web", &code).await;
    let id_token = tokens.0["id_token"].as_str().unwrap();
    let key = &app.get("/jwks").await.json()["keys"][0];
    let claims = verified(id_token, key);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], "confidant-web");
    assert_eq!(claims["nonce"], "a nonce");
    assert_eq!(claims["name"], "Alice Example");
    assert_eq!(claims["email"], "alice@example.com");
    assert_eq!(claims["iat"], app.now());
    assert_eq!(claims["auth_time"], app.now() - 5);
    assert!(claims["exp"].as_u64().unwrap() > app.now());
}

/// Verifies the signature of a JWT with `jwk` and returns its claims.
fn verified(token: &str, jwk: &Value) -> Value {
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
    assert_eq!(
        decode_header(token).unwrap().kid.as_deref(),
        jwk["kid"].as_str()
    );
    let part = |name: &str| jwk[name].as_str().unwrap().to_owned();
    let key = DecodingKey::from_ec_components(&part("x"), &part("y")).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode(token, &key, &validation).unwrap().claims
}

#[tokio::test]
async fn claims_depend_on_the_scope() {
    let app = TestApp::new();
    let code = app.code(&[("scope", "openid")]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    let payload = tokens.0["id_token"]
        .as_str()
        .unwrap()
        .split('.')
        .nth(1)
        .unwrap();
    let payload = URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert!(claims.get("name").is_none() && claims.get("email").is_none());

    let code = app.code(&[("scope", "profile")]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    assert!(tokens.0.get("id_token").is_none());
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let app = TestApp::new();
    let code = app.code(&[("scope", "openid profile")]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    assert!(tokens.0.get("refresh_token").is_none());
    assert!(tokens.0.get("refresh_token_expires_in").is_none());
}

#[tokio::test]
async fn reuse_of_a_code_revokes_its_tokens() {
    let app = TestApp::new();
    let code = app.code(&[]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    let second = app.refreshed(tokens.refresh()).await;
    let response = app.post_as_web("/token", &form(&code, &[])).await;
    response.assert_error(400, "invalid_grant");
    assert!(!app.accepts(tokens.access()).await);
    assert!(!app.accepts(second.access()).await);
    app.refresh(second.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_code_expires_after_sixty_seconds() {
    let app = TestApp::new();
    let code = app.code(&[]).await;
    app.advance_clock(Duration::from_millis(59_999));
    app.exchange("confidant-web", &code).await;

    let code = app.code(&[]).await;
    app.advance_clock(Duration::from_secs(60));
    let response = app.post_as_web("/token", &form(&code, &[])).await;
    response.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_code_is_bound_to_redirect_uri_verifier_and_client() {
    let app = TestApp::new();
    let code = app.code(&[]).await;
    let other = "a".repeat(43);
    let wrong = [
        ("redirect_uri", format!("{APP}/browser/callback")),
        ("code_verifier", other),
        ("code_verifier", "short".to_owned()),
        ("code", "mcode_of_nobody".to_owned()),
    ];
    for (name, value) in wrong {
        let form = form(&code, &[(name, &value)]);
        let response = app.post_as_web("/token", &form).await;
        response.assert_error(400, "invalid_grant");
    }
    let response = app
        .post_as("google-like", "/token", &form(&code, &[]))
        .await;
    response.assert_error(400, "invalid_grant");
    // None of these requests spent the code.
    app.exchange("confidant-web", &code).await;
}

#[tokio::test]
async fn another_client_cannot_revoke_the_tokens_of_a_code() {
    let app = TestApp::new();
    let code = app.code(&[]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    let response = app
        .post_as("google-like", "/token", &form(&code, &[]))
        .await;
    response.assert_error(400, "invalid_grant");
    assert!(app.accepts(tokens.access()).await);
}

#[tokio::test]
async fn the_error_names_the_missing_parameter() {
    let app = TestApp::new();
    for name in ["code", "redirect_uri", "code_verifier", "grant_type"] {
        let form = form("mcode_x", &[(name, "")]);
        let response = app.post_as_web("/token", &form).await;
        response.assert_error(400, "invalid_request");
        let words = response.json()["error_description"].to_string();
        assert!(words.contains(name), "{words}");
    }
}

#[tokio::test]
async fn the_password_grant_is_refused() {
    let app = TestApp::new();
    let password = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", "lantern-42"),
    ];
    let response = app.post_as_web("/token", &password).await;
    response.assert_error(400, "unsupported_grant_type");
    let other = [("grant_type", "client_credentials")];
    let response = app.post_as_web("/token", &other).await;
    response.assert_error(400, "unsupported_grant_type");
}

#[tokio::test]
async fn the_secret_can_be_in_the_header_or_the_body_but_not_in_both() {
    let app = TestApp::new();
    let body = [("client_id", "confidant-web"), ("client_secret", SECRET)];

    let code = app.code(&[]).await;
    let response = app.post("/token", &form(&code, &body)).await;
    assert_eq!(response.status, 200, "{}", response.text);

    let code = app.code(&[]).await;
    let response = app.post_as_web("/token", &form(&code, &body)).await;
    response.assert_error(400, "invalid_request");
    let other = [("client_id", "google-like")];
    let response = app.post_as_web("/token", &form(&code, &other)).await;
    response.assert_error(400, "invalid_request");
    // Neither spent the code.
    app.exchange("confidant-web", &code).await;
}

#[tokio::test]
async fn client_authentication_fails_without_the_right_secret() {
    let app = TestApp::new();
    let code = app.code(&[]).await;
    let form = form(&code, &[]);
    let headers = [
        basic("confidant-web", "wrong"),
        basic("confidant-web", ""),
        basic("nobody", SECRET),
        basic("confidant-spa", ""),
        HeaderValue::from_static("Basic !!!"),
        HeaderValue::from_static("Bearer x"),
    ];
    for header in headers {
        let mut request = form_request("/token", &form);
        request.headers_mut().insert(header::AUTHORIZATION, header);
        let response = app.send(request).await;
        response.assert_error(401, "invalid_client");
        assert!(
            response
                .header(header::WWW_AUTHENTICATE)
                .starts_with("Basic ")
        );
    }
    let bodies: [&[_]; 4] = [
        &[],
        &[("client_id", "confidant-web")],
        &[("client_id", "confidant-web"), ("client_secret", "wrong")],
        &[("client_id", "confidant-spa"), ("client_secret", SECRET)],
    ];
    for body in bodies {
        let mut form = form.clone();
        form.extend(
            body.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        app.post("/token", &form)
            .await
            .assert_error(401, "invalid_client");
    }
    app.exchange("confidant-web", &code).await;
}

#[tokio::test]
async fn a_public_client_needs_its_verifier_and_no_secret() {
    let app = TestApp::new();
    let redirect_uri = format!("{APP}/browser/callback");
    let own = [
        ("client_id", "confidant-spa"),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    let browser = app.browser();
    let consent = browser.sign_in(&web_request(&own), "alice").await;
    let sent = browser
        .allow(&consent)
        .await
        .redirect_parameters(&redirect_uri);
    let mut wrong = own.to_vec();
    wrong.push(("code_verifier", &redirect_uri));
    let response = app.post("/token", &form(&sent["code"], &wrong)).await;
    response.assert_error(400, "invalid_grant");
    let response = app.post("/token", &form(&sent["code"], &own)).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert_eq!(response.json()["refresh_token_expires_in"], 8 * 3600);
    assert_eq!(response.header(header::CACHE_CONTROL), "no-store");
}

#[tokio::test]
async fn the_body_must_be_a_form_of_limited_size() {
    let app = TestApp::new();
    let json = Request::post("/token")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    app.send(json).await.assert_error(415, "invalid_request");
    let large = "x".repeat(70_000);
    let response = app.post("/token", &[("code", &large)]).await;
    response.assert_error(413, "invalid_request");
    let twice = [
        ("grant_type", "refresh_token"),
        ("grant_type", "refresh_token"),
    ];
    app.post_as_web("/token", &twice)
        .await
        .assert_error(400, "invalid_request");
    assert_eq!(app.get("/token").await.status, 405);
}

#[tokio::test]
async fn only_pages_of_the_public_client_can_read_the_response() {
    let app = TestApp::new();
    for (origin, allowed) in [(APP, APP), ("http://localhost:9999", ""), ("null", "")] {
        let preflight = Request::options("/token")
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "dpop")
            .body(Body::empty())
            .unwrap();
        let response = app.send(preflight).await;
        assert_eq!(
            response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            allowed
        );
        assert_eq!(
            response.header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS),
            ""
        );

        let mut request = form_request("/token", &[("client_id", "confidant-spa")]);
        let origin = HeaderValue::from_str(origin).unwrap();
        request.headers_mut().insert(header::ORIGIN, origin);
        let response = app.send(request).await;
        assert_eq!(
            response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            allowed
        );
    }
    // Scripts of another site can never read the login page.
    let mut request = Request::get(web_request(&[])).body(Body::empty()).unwrap();
    request
        .headers_mut()
        .insert(header::ORIGIN, HeaderValue::from_static(APP));
    let response = app.send(request).await;
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "");
}
