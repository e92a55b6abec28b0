//! Sign-ins that must fail.

use crate::app::{Browser, TestApp};

async fn is_signed_out(browser: &Browser<'_>) -> bool {
    browser.get("/auth/session").await.success()["signed_in"] == false
}

#[tokio::test]
async fn a_start_with_wrong_arguments_is_refused_with_a_code() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[], "bad_request"),
        (&[("provider", "demo"), ("provider", "demo")], "bad_request"),
        (&[("provider", "unknown")], "unknown_provider"),
        (
            &[("provider", "demo"), ("kind", "implicit")],
            "unknown_kind",
        ),
        (&[("provider", "")], "unknown_provider"),
    ];
    for (fields, code) in table {
        let response = browser.post("/auth/login/start", fields).await;
        assert_eq!(response.problem(), (400, code.into()), "{fields:?}");
    }
}

#[tokio::test]
async fn a_sign_in_never_returns_to_another_host() {
    let app = TestApp::start().await;
    for return_to in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\r\nset-cookie: a=b",
        "/\tevil.example",
        "bff/menu",
    ] {
        let fields = [("provider", "demo"), ("return_to", return_to)];
        let response = app.browser().post("/auth/login/start", &fields).await;
        assert_eq!(
            response.problem(),
            (400, "bad_return_to".into()),
            "{return_to:?}"
        );
    }
}

#[tokio::test]
async fn a_state_that_is_missing_wrong_or_of_another_browser_is_refused() {
    let app = TestApp::start().await;
    let (victim, attacker) = (app.browser(), app.browser());
    let url = attacker.start().await;
    let callback = attacker.decide(&url, "alice", "allow").await;
    victim.start().await;
    let without = victim.post("/auth/login/finish", &[("code", "c")]).await;
    let wrong = victim
        .post("/auth/login/finish", &[("code", "c"), ("state", "s")])
        .await;
    // Login CSRF: an attacker's code and state in the victim's browser.
    let foreign = victim.finish(&callback).await;
    let unbound = app.browser().finish(&callback).await;
    for response in [without, wrong, foreign, unbound] {
        assert_eq!(response.problem(), (400, "bad_state".into()));
    }
    assert!(is_signed_out(&victim).await);
    // The browser that the state belongs to can still sign in.
    attacker.finish(&callback).await.success();
}

#[tokio::test]
async fn an_authorization_response_is_accepted_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "allow").await;
    browser.finish(&callback).await.success();
    let again = browser.finish(&callback).await;
    assert_eq!(again.problem(), (400, "bad_state".into()));
    // The session of the first sign-in is still alive.
    browser.get("/auth/profile").await.success();
}

#[tokio::test]
async fn an_authorization_response_with_another_issuer_or_none_is_refused() {
    let app = TestApp::start().await;
    for issuer in [Some("http://127.0.0.1:9"), None] {
        let browser = app.browser();
        let url = browser.start().await;
        let callback = browser.decide(&url, "alice", "allow").await;
        let mut fields = crate::app::callback_parameters(&callback);
        fields.retain(|(name, _)| *name != "iss");
        fields.extend(issuer.map(|issuer| ("iss", issuer.to_owned())));
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let response = browser.post("/auth/login/finish", &fields).await;
        assert_eq!(response.problem(), (400, "issuer_mismatch".into()));
        assert!(is_signed_out(&browser).await);
    }
}

#[tokio::test]
async fn a_user_who_declines_consent_is_not_signed_in() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "deny").await;
    let response = browser.finish(&callback).await;
    assert_eq!(response.problem(), (400, "access_denied".into()));
    assert!(is_signed_out(&browser).await);
}

#[tokio::test]
async fn a_code_that_the_provider_did_not_issue_is_refused() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "allow").await;
    let fields = crate::app::callback_parameters(&callback);
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (*n, if *n == "code" { "forged" } else { v.as_str() }))
        .collect();
    let response = browser.post("/auth/login/finish", &fields).await;
    assert_eq!(response.problem(), (400, "code_refused".into()));
    assert!(is_signed_out(&browser).await);
}
