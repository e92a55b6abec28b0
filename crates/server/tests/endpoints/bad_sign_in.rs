//! Sign-ins that must come to nothing.

use crate::app::{Browser, TestApp};

async fn nobody_is_signed_in(browser: &Browser<'_>) -> bool {
    browser.get("/auth/session").await.good()["signed_in"] == false
}

#[tokio::test]
async fn a_start_with_wrong_arguments_is_refused_with_a_code() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[], "bad_request"),
        (&[("provider", "demo"), ("provider", "demo")], "bad_request"),
        (&[("provider", "nobody")], "unknown_provider"),
        (
            &[("provider", "demo"), ("kind", "implicit")],
            "unknown_kind",
        ),
        (&[("provider", "")], "unknown_provider"),
    ];
    for (fields, code) in table {
        let answer = browser.post("/auth/login/start", fields).await;
        assert_eq!(answer.problem(), (400, code.into()), "{fields:?}");
    }
}

#[tokio::test]
async fn nobody_is_led_to_another_host_after_signing_in() {
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
        let answer = app.browser().post("/auth/login/start", &fields).await;
        assert_eq!(
            answer.problem(),
            (400, "bad_return_to".into()),
            "{return_to:?}"
        );
    }
}

#[tokio::test]
async fn a_state_that_is_missing_wrong_or_another_browsers_is_refused() {
    let app = TestApp::start().await;
    let (mine, theirs) = (app.browser(), app.browser());
    let url = theirs.start().await;
    let callback = theirs.decide(&url, "alice", "allow").await;
    mine.start().await;
    let without = mine.post("/auth/login/finish", &[("code", "c")]).await;
    let wrong = mine
        .post("/auth/login/finish", &[("code", "c"), ("state", "s")])
        .await;
    // Login CSRF: an attacker's code and state in the victim's browser.
    let foreign = mine.finish(&callback).await;
    let unbound = app.browser().finish(&callback).await;
    for answer in [without, wrong, foreign, unbound] {
        assert_eq!(answer.problem(), (400, "bad_state".into()));
    }
    assert!(nobody_is_signed_in(&mine).await);
    // The one it belongs to was not harmed.
    theirs.finish(&callback).await.good();
}

#[tokio::test]
async fn an_answer_is_good_for_one_sign_in() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "allow").await;
    browser.finish(&callback).await.good();
    let again = browser.finish(&callback).await;
    assert_eq!(again.problem(), (400, "bad_state".into()));
    // The session from the first time is still good.
    browser.get("/auth/profile").await.good();
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_or_none_is_refused() {
    let app = TestApp::start().await;
    for issuer in [Some("http://127.0.0.1:9"), None] {
        let browser = app.browser();
        let url = browser.start().await;
        let callback = browser.decide(&url, "alice", "allow").await;
        let mut fields = crate::app::answer_fields(&callback);
        fields.retain(|(name, _)| *name != "iss");
        fields.extend(issuer.map(|issuer| ("iss", issuer.to_owned())));
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = browser.post("/auth/login/finish", &fields).await;
        assert_eq!(answer.problem(), (400, "issuer_mismatch".into()));
        assert!(nobody_is_signed_in(&browser).await);
    }
}

#[tokio::test]
async fn a_person_who_declines_is_not_signed_in() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "deny").await;
    let answer = browser.finish(&callback).await;
    assert_eq!(answer.problem(), (400, "access_denied".into()));
    assert!(nobody_is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_code_that_the_provider_did_not_give_is_refused() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "allow").await;
    let fields = crate::app::answer_fields(&callback);
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (*n, if *n == "code" { "forged" } else { v.as_str() }))
        .collect();
    let answer = browser.post("/auth/login/finish", &fields).await;
    assert_eq!(answer.problem(), (400, "code_refused".into()));
    assert!(nobody_is_signed_in(&browser).await);
}
