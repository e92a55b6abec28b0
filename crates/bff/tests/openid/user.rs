//! The user: the same at sign-in, in userinfo, and after a refresh.

use crate::{application::Application, provider::Provider, signer::Signer};
use confidant_bff::settings::SessionSettings;
use serde_json::{Value, json};
use std::time::Duration;

async fn signed_in() -> (Provider, Application) {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    let reply = application.sign_in().await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    (provider, application)
}

#[tokio::test]
async fn s11_a_refresh_that_brings_another_user_ends_the_session() {
    let (provider, application) = signed_in().await;
    for good in [None, Some(json!({})), Some(json!({ "nonce": "other" }))] {
        provider.script().refreshed = good.clone();
        let reply = application.post("/auth/refresh", &[]).await;
        assert_eq!(reply.status, 200, "{good:?}: {}", reply.text);
    }
    provider.script().refreshed = Some(json!({ "sub": "mallory" }));
    let reply = application.post("/auth/refresh", &[]).await;
    assert_eq!(reply.problem(), (401, "grant_dead".into()));
    assert_eq!(application.user().await, None);
}

#[tokio::test]
async fn b40_a_user_whose_session_has_expired_can_sign_out_at_the_provider() {
    let provider = Provider::start().await;
    let application = Application::with_session(
        &provider,
        SessionSettings {
            idle: Duration::from_millis(200),
            absolute: Duration::from_secs(60),
        },
    )
    .await;
    let end = format!("{}/end?", provider.issuer);
    for is_deleted in [false, true] {
        assert_eq!(application.sign_in().await.status, 200);
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!(application.user().await, None);
        if is_deleted {
            application.sweep().await;
        }
        let signed_out = application.post("/auth/logout", &[]).await.json();
        assert_eq!(signed_out["provider"], "p", "{is_deleted}");
        let url = signed_out["end_session_url"].as_str().unwrap();
        assert!(url.starts_with(&end), "{url}");
    }
    // A browser that never had a session is sent nowhere.
    let stranger = application.other_browser();
    let signed_out = stranger.post("/auth/logout", &[]).await.json();
    assert_eq!(signed_out["end_session_url"], json!(null));
}

#[tokio::test]
async fn s11_the_profile_of_another_user_is_not_shown() {
    let (provider, application) = signed_in().await;
    assert_eq!(application.get("/auth/profile").await.json()["sub"], "ann");
    for other in [
        json!({ "sub": "mallory" }),
        json!({ "sub": 7, "name": "mallory" }),
        json!({ "name": "mallory" }),
    ] {
        provider.script().userinfo = (200, "application/json", other.to_string());
        let reply = application.get("/auth/profile").await;
        assert_eq!(reply.problem(), (502, "provider_misbehaved".into()));
        assert!(!reply.text.contains("mallory"), "{}", reply.text);
    }
    assert_eq!(application.user().await.as_deref(), Some("Ann"));
}

#[tokio::test]
async fn userinfo_is_read_whatever_its_media_type_and_as_a_signed_token() {
    let (provider, application) = signed_in().await;
    let claims = json!({ "sub": "ann", "iss": provider.issuer, "aud": "client" });
    let signed = |claims: &Value| provider.script().signer.sign(claims);
    let other_signer = Signer::new("ES256", Some("k1")).sign(&claims);
    let with = |name: &str, value: &str| {
        let mut claims = claims.clone();
        claims[name] = value.into();
        signed(&claims)
    };
    for (media_type, body, is_good) in [
        ("text/plain", json!({ "sub": "ann" }).to_string(), true),
        ("application/jwt", signed(&claims), true),
        ("application/json", signed(&json!({ "sub": "ann" })), true),
        ("application/jwt", other_signer, false),
        ("application/jwt", with("aud", "other"), false),
        (
            "application/jwt",
            with("iss", "https://evil.example"),
            false,
        ),
        ("text/html", "<html>".to_owned(), false),
        ("application/json", "[]".to_owned(), false),
    ] {
        provider.script().userinfo = (200, media_type, body.clone());
        let reply = application.get("/auth/profile").await;
        if is_good {
            assert_eq!(reply.json()["sub"], "ann", "{media_type} {body}");
        } else {
            let problem = (502, "provider_misbehaved".into());
            assert_eq!(reply.problem(), problem, "{media_type} {body}");
        }
    }
}

#[tokio::test]
async fn b35_a_token_without_the_scope_is_said_to_lack_it_and_nothing_is_refreshed() {
    let (provider, application) = signed_in().await;
    let body = json!({ "error": "insufficient_scope" }).to_string();
    provider.script().userinfo = (403, "application/json", body);
    let before = provider.script().asked.2;
    let reply = application.get("/auth/profile").await;
    assert_eq!(reply.problem(), (502, "client_misconfigured".into()));
    assert!(reply.text.contains("scope"), "{}", reply.text);
    assert_eq!(provider.script().asked.2, before);
    assert_eq!(application.user().await.as_deref(), Some("Ann"));
}
