//! `GET /authorize`.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use confidant_provider::Framing;
use serde_json::json;

use crate::app::{APP, ISSUER, TestApp, web_request};

fn callback() -> String {
    format!("{APP}/callback")
}

/// Returns the error that the client gets for a request with `changes`.
async fn error(changes: &[(&str, &str)]) -> String {
    let app = TestApp::new();
    let response = app.get(&web_request(changes)).await;
    let sent = response.redirect_parameters(&callback());
    assert_eq!(sent["state"], "a state");
    assert_eq!(sent["iss"], ISSUER);
    assert!(!sent.contains_key("code"));
    sent["error"].clone()
}

#[tokio::test]
async fn the_authorization_response_has_code_state_and_issuer() {
    let app = TestApp::new();
    let browser = app.browser();
    let consent = browser.sign_in(&web_request(&[]), "alice").await;
    let sent = browser
        .allow(&consent)
        .await
        .redirect_parameters(&callback());
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    assert_eq!(sent["state"], "a state");
    assert_eq!(sent["iss"], ISSUER);
}

#[tokio::test]
async fn an_unregistered_redirect_uri_shows_an_error_page() {
    let app = TestApp::new();
    let longer = format!("{APP}/callback/");
    let wrong = [
        ("client_id", "nobody", "We don't know this app"),
        ("client_id", "", "Which app sent you?"),
        ("redirect_uri", "", "Where should we send you back to?"),
        ("redirect_uri", &longer, "We won't send you there"),
        (
            "redirect_uri",
            "http://localhost:3000/CALLBACK",
            "We won't send you there",
        ),
        (
            "redirect_uri",
            "https://evil.example/callback",
            "We won't send you there",
        ),
    ];
    for (name, value, heading) in wrong {
        let response = app.get(&web_request(&[(name, value)])).await;
        assert_eq!(response.status, 400, "{name}={value}");
        assert_eq!(response.heading(), heading);
    }
}

#[tokio::test]
async fn a_repeated_redirect_uri_is_not_followed() {
    let app = TestApp::new();
    let twice = format!(
        "{}&redirect_uri=http://localhost:3000/callback",
        web_request(&[])
    );
    assert_eq!(app.get(&twice).await.status, 400);
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let app = TestApp::new();
    let twice = format!("{}&scope=openid", web_request(&[]));
    let sent = app.get(&twice).await.redirect_parameters(&callback());
    assert_eq!(sent["error"], "invalid_request");
}

#[tokio::test]
async fn a_repeated_state_is_not_sent_back() {
    let app = TestApp::new();
    let twice = format!("{}&state=another", web_request(&[]));
    let sent = app.get(&twice).await.redirect_parameters(&callback());
    assert_eq!(sent["error"], "invalid_request");
    assert!(!sent.contains_key("state"));
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let app = TestApp::new();
    let response = app.get(&web_request(&[("colour", "violet")])).await;
    assert_eq!(response.heading(), "Sign in");
}

#[tokio::test]
async fn the_implicit_grant_is_refused() {
    for response_type in ["token", "id_token", "id_token token", "code token"] {
        let changes = [("response_type", response_type)];
        assert_eq!(error(&changes).await, "unsupported_response_type");
    }
    assert_eq!(error(&[("response_type", "")]).await, "invalid_request");
    assert_eq!(
        error(&[("response_mode", "fragment")]).await,
        "invalid_request"
    );
}

#[tokio::test]
async fn pkce_with_s256_is_required_of_every_client() {
    assert_eq!(error(&[("code_challenge", "")]).await, "invalid_request");
    assert_eq!(
        error(&[("code_challenge", "short")]).await,
        "invalid_request"
    );
    assert_eq!(
        error(&[("code_challenge_method", "")]).await,
        "invalid_request"
    );
    assert_eq!(
        error(&[("code_challenge_method", "plain")]).await,
        "invalid_request"
    );
}

#[tokio::test]
async fn pkce_is_required_of_the_public_client() {
    let app = TestApp::new();
    let redirect_uri = format!("{APP}/browser/callback");
    let own = [
        ("client_id", "confidant-spa"),
        ("redirect_uri", redirect_uri.as_str()),
        ("code_challenge", ""),
    ];
    let sent = app
        .get(&web_request(&own))
        .await
        .redirect_parameters(&redirect_uri);
    assert_eq!(sent["error"], "invalid_request");
}

#[tokio::test]
async fn an_unsupported_scope_is_refused() {
    assert_eq!(error(&[("scope", "everything")]).await, "invalid_scope");
    assert_eq!(error(&[("scope", "")]).await, "invalid_scope");
}

#[tokio::test]
async fn unsupported_parameters_are_refused() {
    assert_eq!(
        error(&[("request", "e30.e30.")]).await,
        "request_not_supported"
    );
    let by_uri = [("request_uri", "https://localhost/r")];
    assert_eq!(error(&by_uri).await, "request_uri_not_supported");
    assert_eq!(error(&[("prompt", "perhaps")]).await, "invalid_request");
    assert_eq!(error(&[("prompt", "none login")]).await, "invalid_request");
    assert_eq!(error(&[("max_age", "soon")]).await, "invalid_request");
}

#[tokio::test]
async fn silent_authorization_needs_a_session_and_consent() {
    assert_eq!(error(&[("prompt", "none")]).await, "login_required");

    let app = TestApp::new();
    let browser = app.browser();
    let consent = browser.sign_in(&web_request(&[]), "alice").await;
    let silent = web_request(&[("prompt", "none")]);
    let sent = browser.get(&silent).await.redirect_parameters(&callback());
    assert_eq!(sent["error"], "consent_required");

    browser.allow(&consent).await;
    let sent = browser.get(&silent).await.redirect_parameters(&callback());
    assert!(sent.contains_key("code"));
}

#[tokio::test]
async fn silent_authorization_gives_a_refresh_token_after_earlier_consent() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    let silent = web_request(&[("prompt", "none")]);
    let sent = browser.get(&silent).await.redirect_parameters(&callback());
    let tokens = app.exchange("confidant-web", &sent["code"]).await;
    assert!(tokens.refresh().starts_with("mrt_"));
}

#[tokio::test]
async fn consent_is_requested_once_and_again_for_more_scope() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[("prompt", ""), ("scope", "openid")]).await;
    let same = web_request(&[("prompt", ""), ("scope", "openid")]);
    assert!(
        browser
            .get(&same)
            .await
            .redirect_parameters(&callback())
            .contains_key("code")
    );
    let more = web_request(&[("prompt", ""), ("scope", "openid email")]);
    assert_eq!(browser.get(&more).await.heading(), "Allow Confidant?");
}

#[tokio::test]
async fn the_consent_of_one_user_is_not_that_of_another() {
    let app = TestApp::new();
    app.code(&[]).await;
    let consent = app
        .browser()
        .sign_in(&web_request(&[("prompt", "")]), "bob")
        .await;
    assert_eq!(consent.heading(), "Allow Confidant?");
}

#[tokio::test]
async fn prompt_login_requests_the_password_once() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    let again = web_request(&[("prompt", "login")]);
    let response = browser.sign_in(&again, "alice").await;
    assert!(
        response
            .redirect_parameters(&callback())
            .contains_key("code")
    );
}

#[tokio::test]
async fn a_sign_in_older_than_max_age_is_not_accepted() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    app.advance_clock(Duration::from_secs(100));
    let old_enough = web_request(&[("prompt", ""), ("max_age", "100")]);
    assert!(
        browser
            .get(&old_enough)
            .await
            .redirect_parameters(&callback())
            .contains_key("code")
    );
    let silent = web_request(&[("prompt", "none"), ("max_age", "99")]);
    let sent = browser.get(&silent).await.redirect_parameters(&callback());
    assert_eq!(sent["error"], "login_required");
    let loud = web_request(&[("prompt", ""), ("max_age", "0")]);
    let response = browser.sign_in(&loud, "alice").await;
    assert!(
        response
            .redirect_parameters(&callback())
            .contains_key("code")
    );
}

#[tokio::test]
async fn a_login_hint_for_another_user_shows_the_login_page() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    let hint = web_request(&[("prompt", ""), ("login_hint", "bob@example.com")]);
    let page = browser.get(&hint).await;
    assert_eq!(page.heading(), "Sign in");
    assert!(page.text.contains("value=\"bob\""));
    let silent = web_request(&[("prompt", "none"), ("login_hint", "bob")]);
    let sent = browser.get(&silent).await.redirect_parameters(&callback());
    assert_eq!(sent["error"], "login_required");
}

#[tokio::test]
async fn a_session_expires() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    app.advance_clock(Duration::from_secs(8 * 3600));
    let silent = web_request(&[("prompt", "none")]);
    let sent = browser.get(&silent).await.redirect_parameters(&callback());
    assert_eq!(sent["error"], "login_required");
}

#[tokio::test]
async fn pages_cannot_be_framed_and_forms_redirect_only_to_the_client() {
    let app = TestApp::new();
    let page = app.get(&web_request(&[])).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"));
    assert!(policy.contains("default-src 'none'"));
    assert!(policy.ends_with("form-action 'self' http://localhost:3000"));
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
}

fn in_a_frame(path: &str) -> Request<Body> {
    let request = Request::get(path).header("sec-fetch-dest", "iframe");
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn framing_can_be_set_at_run_time() {
    let app = TestApp::new();
    let path = "/demo/framing";
    let shown = app.control(Method::GET, path, json!(null)).await;
    assert_eq!(shown.json(), "refused");
    let set = app.control(Method::PUT, path, json!("silent")).await;
    assert_eq!(set.json(), "silent");
    let browser = app.browser();
    browser.code(&[]).await;
    let silent = web_request(&[("prompt", "none")]);
    let sent = browser.send(in_a_frame(&silent)).await;
    assert!(sent.redirect_parameters(&callback()).contains_key("code"));
    let odd = app.control(Method::PUT, path, json!("loud")).await;
    assert_eq!(odd.json()["code"], "bad_body");
    app.control(Method::POST, "/demo/reset", json!(null)).await;
    assert_eq!(browser.send(in_a_frame(&silent)).await.status, 403);
}

#[tokio::test]
async fn a_request_in_an_iframe_is_refused_unless_framing_is_enabled() {
    let silent = web_request(&[("prompt", "none")]);
    let app = TestApp::new();
    let response = app.send(in_a_frame(&silent)).await;
    assert_eq!(response.status, 403);
    assert_eq!(response.heading(), "Not inside another page");

    let app = TestApp::with(|config| config.framing = Framing::Silent);
    let browser = app.browser();
    browser.code(&[]).await;
    let sent = browser
        .send(in_a_frame(&silent))
        .await
        .redirect_parameters(&callback());
    assert!(sent.contains_key("code"));
}
