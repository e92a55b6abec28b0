//! Metadata that are late, odd, or lead elsewhere.

use crate::{
    application::{Application, settings},
    provider::Provider,
};
use futures::future::join_all;
use serde_json::json;
use std::time::{Duration, Instant};
use url::Url;

#[tokio::test]
async fn b11_everyone_waits_for_a_silent_provider_once_and_sign_out_does_not_wait() {
    let provider = Provider::start().await;
    provider.script().silent = true;
    let application = Application::start(&provider).await;
    let start = Instant::now();
    let starts = (0..20).map(|_| async {
        let browser = application.other_browser();
        browser
            .post("/auth/login/start", &[("provider", "p")])
            .await
    });
    let replies = join_all(starts).await;
    for reply in replies {
        assert_eq!(reply.problem(), (503, "provider_unavailable".into()));
    }
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
    // One for the application's start, which the twenty joined or followed.
    assert!(provider.script().asked.0 <= 2);
    // B47: the failure is not remembered.
    provider.script().silent = false;
    assert_eq!(application.sign_in().await.status, 200);
    provider.script().silent = true;
    let start = Instant::now();
    assert_eq!(application.post("/auth/logout", &[]).await.status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(application.user().await, None);
}

#[tokio::test]
async fn b17_the_server_reaches_the_provider_at_an_address_of_its_own() {
    let provider = Provider::start().await;
    let inside = Url::parse(&provider.issuer).unwrap();
    let port = inside.port().unwrap();
    // Browsers use a host that leads nowhere from here.
    let outside = format!("http://sso.localhost:{}", if port == 9 { 10 } else { 9 });
    let at = |path: &str| format!("{outside}/{path}");
    provider.script().metadata = json!({
        "issuer": outside, "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"), "userinfo_endpoint": at("userinfo"), "jwks_uri": at("keys"),
    });
    provider.script().claims = json!({ "iss": outside });
    let mut settings = settings(&provider).backchannel_url(inside);
    settings.endpoints = confidant_bff::settings::Endpoints::Discover(outside.clone());
    let application = Application::with([settings]).await;
    let reply = application
        .post("/auth/login/start", &[("provider", "p")])
        .await;
    let url = reply.json()["authorization_url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(url.starts_with(&outside), "{url}");
    assert_eq!(application.sign_in().await.status, 200);
    assert_eq!(application.get("/auth/profile").await.json()["sub"], "ann");
}

#[tokio::test]
async fn x5_metadata_without_members_that_are_not_needed_are_good() {
    let provider = Provider::start().await;
    // The provider's document has none of the members that OpenID Connect
    // Discovery requires beside the endpoints.
    provider.script().metadata = json!({ "userinfo_endpoint": null });
    assert_eq!(
        Application::start(&provider).await.sign_in().await.status,
        200
    );
}

#[tokio::test]
async fn s21_metadata_that_name_an_endpoint_in_plain_text_are_refused() {
    for name in ["jwks_uri", "token_endpoint"] {
        let provider = Provider::start().await;
        provider.script().metadata = json!({ name: "http://keycloak:8080/x" });
        let application = Application::start(&provider).await;
        let reply = application
            .post("/auth/login/start", &[("provider", "p")])
            .await;
        assert_eq!(
            reply.problem(),
            (502, "provider_misbehaved".into()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_for_all_who_miss_it() {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    assert_eq!(application.sign_in().await.status, 200);
    let before = provider.script().asked.1;
    provider.sign_with(crate::signer::Signer::new("ES256", Some("k2")));
    let sign_ins = (0..10).map(|_| async { application.other_browser().sign_in().await.status });
    assert_eq!(join_all(sign_ins).await, [200; 10]);
    assert_eq!(provider.script().asked.1 - before, 1);
}

#[tokio::test]
async fn b25_a_page_s_forms_may_lead_through_the_origins_of_the_settings() {
    let provider = Provider::start().await;
    let mut settings = settings(&provider);
    settings.form_action = vec![Url::parse("https://login.live.example/path").unwrap()];
    let application = Application::with([settings]).await;
    let page = application.get("/auth/login").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self'"), "{policy}");
    assert!(
        policy.contains(" https://login.live.example;")
            || policy.contains(" https://login.live.example "),
        "{policy}"
    );
    assert!(policy.contains(&provider.issuer), "{policy}");
}
