//! Tokens bound to a key (RFC 9449), from the code to the API.

use std::time::Duration;

use serde_json::{Value, json};

use crate::app::{
    APP, Key, SECRET, SPA, TestApp, Tokens, VERIFIER, basic, expect_tokens, form_request,
    spa_callback, spa_code_form, spa_refresh_form, spa_request, web_request,
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_proof_binds_the_tokens_to_its_key() {
    let app = TestApp::new();
    let key = Key::new(1);
    let tokens = app.bound_tokens(&key).await;
    assert_eq!(tokens.0["token_type"], "DPoP");
    for path in ["/userinfo", "/api/me", "/api/echo"] {
        let response = app.get_with_key(path, tokens.access(), &key).await;
        assert_eq!(response.status, 200, "{}", response.text);
        assert_ne!(response.header("dpop-nonce"), "");
    }
    let echoed = app
        .get_with_key("/api/echo", tokens.access(), &key)
        .await
        .json();
    assert_eq!(echoed["token"]["token_type"], "DPoP");
}

#[tokio::test]
async fn a_stolen_access_token_is_rejected_without_the_key() {
    let app = TestApp::new();
    let (key, thief) = (Key::new(1), Key::new(2));
    let tokens = app.bound_tokens(&key).await;
    for path in ["/userinfo", "/api/me", "/api/echo"] {
        let response = app.get_with_token(path, tokens.access()).await;
        response.assert_error(401, "invalid_token");
        let challenges = response.headers.get_all("www-authenticate").iter();
        let challenges: Vec<_> = challenges.map(|value| value.to_str().unwrap()).collect();
        assert!(challenges[0].starts_with("Bearer realm=\"Meridian ID\", error=\"invalid_token\""));
        assert_eq!(challenges[1], "DPoP algs=\"ES256\"");

        let response = app.get_with_key(path, tokens.access(), &thief).await;
        response.assert_error(401, "invalid_token");
        let challenge = response.header("www-authenticate");
        assert!(challenge.starts_with("DPoP error=\"invalid_token\""));
        assert!(challenge.ends_with(", algs=\"ES256\""));
    }
    // The attempts have not spent anything.
    assert_eq!(
        app.get_with_key("/api/me", tokens.access(), &key)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_bearer_token_is_not_accepted_as_a_bound_one() {
    let app = TestApp::new();
    let key = Key::new(1);
    for tokens in [app.spa_tokens().await, app.tokens().await] {
        assert_eq!(tokens.0["token_type"], "Bearer");
        let response = app.get_with_key("/api/me", tokens.access(), &key).await;
        response.assert_error(401, "invalid_token");
        let challenge = response.header("www-authenticate");
        assert!(challenge.starts_with("DPoP error=\"invalid_token\""));
        assert!(app.accepts(tokens.access()).await);
    }
    let response = app.get_with_key("/api/me", "made up", &key).await;
    response.assert_error(401, "invalid_token");
}

#[tokio::test]
async fn a_bound_token_expires_and_is_revoked_like_any_other() {
    let app = TestApp::new();
    let key = Key::new(1);
    let tokens = app.bound_tokens(&key).await;
    app.advance_clock(MINUTE);
    let response = app.get_with_key("/api/me", tokens.access(), &key).await;
    response.assert_error(401, "invalid_token");
    let second = expect_tokens(&app.bound_refresh(tokens.refresh(), &key).await);
    app.post(
        "/revoke",
        &[("client_id", SPA), ("token", second.refresh())],
    )
    .await;
    let response = app.get_with_key("/api/me", second.access(), &key).await;
    response.assert_error(401, "invalid_token");
}

#[tokio::test]
async fn a_bound_refresh_token_stays_the_same_and_expires_after_eight_hours() {
    let app = TestApp::new();
    let key = Key::new(1);
    let first = app.bound_tokens(&key).await;
    app.advance_clock(10 * MINUTE);
    for _ in 0..3 {
        let next = expect_tokens(&app.bound_refresh(first.refresh(), &key).await);
        assert_eq!(next.refresh(), first.refresh());
        assert_ne!(next.access(), first.access());
        assert_eq!(next.0["token_type"], "DPoP");
        assert_eq!(next.0["refresh_token_expires_in"], (7 * 60 + 50) * 60);
    }
    app.advance_clock((7 * 60 + 50) * MINUTE);
    let response = app.bound_refresh(first.refresh(), &key).await;
    response.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_stolen_refresh_token_is_useless_without_the_key_and_does_not_revoke_the_family() {
    let app = TestApp::new();
    let (key, thief) = (Key::new(1), Key::new(2));
    let tokens = app.bound_tokens(&key).await;
    let without = app.spa_refresh(tokens.refresh()).await;
    without.assert_error(400, "invalid_dpop_proof");
    let other = app.bound_refresh(tokens.refresh(), &thief).await;
    other.assert_error(400, "invalid_grant");
    let reasons = app.logged("reason").await;
    assert!(reasons.contains(&json!("proof_missing")));
    assert!(reasons.contains(&json!("other_key")));
    expect_tokens(&app.bound_refresh(tokens.refresh(), &key).await);
    assert_eq!(
        app.get_with_key("/api/me", tokens.access(), &key)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn bound_refresh_tokens_rotate_if_the_policy_says_so() {
    let app = TestApp::new();
    app.set_spa_policy(json!({"bound_answer": "new"})).await;
    let (key, thief) = (Key::new(1), Key::new(2));
    let first = app.bound_tokens(&key).await;
    let second = expect_tokens(&app.bound_refresh(first.refresh(), &key).await);
    assert_ne!(first.refresh(), second.refresh());
    // Only the owner of the key can revoke the family by reuse.
    let replay = app.bound_refresh(first.refresh(), &thief).await;
    replay.assert_error(400, "invalid_grant");
    let without = app.spa_refresh(second.refresh()).await;
    without.assert_error(400, "invalid_dpop_proof");
    let third = expect_tokens(&app.bound_refresh(second.refresh(), &key).await);
    let replay = app.bound_refresh(first.refresh(), &key).await;
    replay.assert_error(400, "invalid_grant");
    let dead = app.bound_refresh(third.refresh(), &key).await;
    dead.assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_proof_at_a_refresh_binds_the_new_tokens_and_reuse_still_revokes_them() {
    let app = TestApp::new();
    let thief = Key::new(2);
    let first = app.spa_tokens().await;
    let stolen = expect_tokens(&app.bound_refresh(first.refresh(), &thief).await);
    assert_eq!(stolen.0["token_type"], "DPoP");
    let without = app.spa_refresh(stolen.refresh()).await;
    without.assert_error(400, "invalid_dpop_proof");
    // The client presents the token that the thief stole and used.
    let replay = app.spa_refresh(first.refresh()).await;
    replay.assert_error(400, "invalid_grant");
    let dead = app.bound_refresh(stolen.refresh(), &thief).await;
    dead.assert_error(400, "invalid_grant");
    let response = app.get_with_key("/api/me", stolen.access(), &thief).await;
    response.assert_error(401, "invalid_token");
}

/// Sends a token request of `confidant-web` with a proof by `key`, if any.
async fn web(app: &TestApp, form: &[(&str, &str)], key: Option<&Key>) -> Tokens {
    let mut request = form_request("/token", form);
    let headers = request.headers_mut();
    headers.insert("authorization", basic("confidant-web", SECRET));
    if let Some(key) = key {
        let proof = key.at_token_endpoint(app).sign();
        headers.insert("dpop", proof.parse().unwrap());
    }
    expect_tokens(&app.send(request).await)
}

#[tokio::test]
async fn the_refresh_token_of_a_confidential_client_is_not_bound_to_the_key() {
    let app = TestApp::new();
    let (key, next) = (Key::new(1), Key::new(2));
    let callback = format!("{APP}/callback");
    let code = app.code(&[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", callback.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let mut tokens = web(&app, &form, Some(&key)).await;
    for (key, token_type) in [
        (Some(&next), "DPoP"),
        (None, "Bearer"),
        (Some(&key), "DPoP"),
    ] {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens.refresh()),
        ];
        tokens = web(&app, &form, key).await;
        assert_eq!(tokens.0["token_type"], token_type);
    }
    let jkt = json!({"jkt": key.jkt()});
    let introspect = async |token: &str| {
        let response = app.post_as_web("/introspect", &[("token", token)]).await;
        response.json()
    };
    let access = introspect(tokens.access()).await;
    assert_eq!(
        (&access["token_type"], &access["cnf"]),
        (&json!("DPoP"), &jkt)
    );
    assert!(introspect(tokens.refresh()).await.get("cnf").is_none());
}

#[tokio::test]
async fn tokeninfo_and_discovery_mention_dpop() {
    let app = TestApp::new();
    let key = Key::new(1);
    let tokens = app.bound_tokens(&key).await;
    let path = format!("/tokeninfo?access_token={}", tokens.access());
    let info = app.get(&path).await.json();
    assert_eq!(info["token_type"], "DPoP");
    assert_eq!(info["cnf"], json!({"jkt": key.jkt()}));
    let metadata = app.get("/.well-known/oauth-authorization-server").await;
    let algorithms = &metadata.json()["dpop_signing_alg_values_supported"];
    assert_eq!(*algorithms, json!(["ES256"]));
}

#[tokio::test]
async fn an_authorization_request_can_bind_its_code_to_a_key() {
    let app = TestApp::new();
    let (key, thief) = (Key::new(1), Key::new(2));
    let jkt = key.jkt();
    let code = app.browser().spa_code(&[("dpop_jkt", &jkt)]).await;
    let form = spa_code_form(&code);
    let without = app.post_with_proofs(&form, &[]).await;
    without.assert_error(400, "invalid_dpop_proof");
    let other = app.post_with_key(&form, &thief).await;
    other.assert_error(400, "invalid_grant");
    let tokens = expect_tokens(&app.post_with_key(&form, &key).await);
    assert_eq!(tokens.0["token_type"], "DPoP");
}

#[tokio::test]
async fn an_invalid_thumbprint_is_refused() {
    let app = TestApp::new();
    for jkt in ["short", &"!".repeat(43), &"A".repeat(44)] {
        let response = app.get(&spa_request(&[("dpop_jkt", jkt)])).await;
        let sent = response.redirect_parameters(&spa_callback());
        assert_eq!(sent["error"], "invalid_request", "{jkt}");
    }
    let jkt = Key::new(1).jkt();
    let response = app.get(&web_request(&[("dpop_jkt", &jkt)])).await;
    assert_eq!(response.heading(), "Sign in");
}

#[tokio::test]
async fn the_binding_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::with_state_file(folder.path().join("state.json"));
    let (key, thief) = (Key::new(1), Key::new(2));
    let tokens = app.bound_tokens(&key).await;
    let nonce = app.nonce().await;
    let proof = key.with_token(&app, "/api/me", tokens.access());
    let proof = proof.nonce(&nonce).sign();
    let response = app
        .get_with_proofs("/api/me", tokens.access(), &[&proof])
        .await;
    assert_eq!(response.status, 200);

    let app = app.restarted();
    // The replay cache is empty, but the nonce is no longer valid.
    let response = app
        .get_with_proofs("/api/me", tokens.access(), &[&proof])
        .await;
    response.assert_error(401, "use_dpop_nonce");
    app.get_with_token("/api/me", tokens.access())
        .await
        .assert_error(401, "invalid_token");
    let other = app.bound_refresh(tokens.refresh(), &thief).await;
    other.assert_error(400, "invalid_grant");
    expect_tokens(&app.bound_refresh(tokens.refresh(), &key).await);
}

#[tokio::test]
async fn a_proof_does_not_replace_the_verifier() {
    let app = TestApp::new();
    let key = Key::new(1);
    let code = app.spa_code().await;
    let mut form = spa_code_form(&code);
    form[4].1 = "a-guess-that-is-long-enough-to-be-a-verifier".to_owned();
    let response = app.post_with_key(&form, &key).await;
    response.assert_error(400, "invalid_grant");
    // An error response for the grant has the next nonce as well.
    assert_ne!(response.header("dpop-nonce"), "");
    form.pop();
    let response = app.post_with_key(&form, &key).await;
    response.assert_error(400, "invalid_request");
    expect_tokens(&app.post_with_key(&spa_code_form(&code), &key).await);
    let unknown = app.post_with_key(&spa_refresh_form("unknown"), &key).await;
    unknown.assert_error(400, "invalid_grant");
    assert_eq!(unknown.json().get("access_token"), None::<&Value>);
}
