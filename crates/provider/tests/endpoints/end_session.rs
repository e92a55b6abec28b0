//! `/end_session`.

use serde_json::json;

use crate::app::{APP, TestApp, TestBrowser, spa_callback, spa_request, web_request};

async fn is_signed_in(browser: &TestBrowser<'_>) -> bool {
    let response = browser.get(&web_request(&[("prompt", "none")])).await;
    response
        .redirect_parameters(&format!("{APP}/callback"))
        .contains_key("code")
}

const OF_THE_APP: &str = "/end_session?client_id=confidant-web\
    &post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F&state=x+y";

#[tokio::test]
async fn a_confirmed_sign_out_ends_the_session_and_returns_with_the_state() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    let page = browser.get(OF_THE_APP).await;
    assert_eq!(page.heading(), "Sign out of Meridian ID?");
    assert!(
        is_signed_in(&browser).await,
        "showing the page has no effect"
    );
    let cookies = browser.cookies();
    let response = browser
        .submit(page.form().with("decision", "sign_out"))
        .await;
    assert_eq!(response.location(), "http://localhost:3000/?state=x+y");
    assert!(!is_signed_in(&browser).await);
    let copied = app.browser_with(cookies);
    assert!(
        !is_signed_in(&copied).await,
        "the session has ended, not only its cookie"
    );
}

#[tokio::test]
async fn the_user_can_stay_signed_in() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    let page = browser.get("/end_session").await;
    let response = browser.submit(page.form().with("decision", "stay")).await;
    assert_eq!(response.heading(), "You are still signed in");
    assert!(is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_user_without_a_session_is_redirected_at_once() {
    let app = TestApp::new();
    let response = app.get(OF_THE_APP).await;
    assert_eq!(response.location(), "http://localhost:3000/?state=x+y");
    assert_eq!(
        app.get("/end_session").await.heading(),
        "You are signed out"
    );
}

#[tokio::test]
async fn an_unregistered_post_logout_redirect_uri_is_refused() {
    let app = TestApp::new();
    let wrong = [
        "client_id=confidant-web&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F",
        "client_id=google-like&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F",
        "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F",
        "client_id=nobody",
        "id_token_hint=e30.e30.x",
    ];
    for query in wrong {
        let response = app.get(&format!("/end_session?{query}")).await;
        assert_eq!(response.status, 400, "{query}");
    }
}

#[tokio::test]
async fn an_id_token_hint_identifies_the_client() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let hint = tokens.0["id_token"].as_str().unwrap();
    app.advance_clock(std::time::Duration::from_secs(3600));
    let to = "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F";
    let response = app
        .get(&format!("/end_session?id_token_hint={hint}&{to}"))
        .await;
    assert_eq!(response.location(), "http://localhost:3000/");

    let other = format!("/end_session?id_token_hint={hint}&client_id=google-like&{to}");
    assert_eq!(app.get(&other).await.status, 400);
    let cut = &hint[..hint.len() - 4];
    let forged = format!("/end_session?id_token_hint={cut}AAAA&{to}");
    assert_eq!(app.get(&forged).await.status, 400);
}

#[tokio::test]
async fn a_form_of_another_browser_signs_no_user_out() {
    let app = TestApp::new();
    let attacker = app.browser();
    attacker.code(&[]).await;
    let form = attacker.get("/end_session").await.form();
    let browser = app.browser();
    browser.code(&[]).await;
    let response = browser.submit(form.with("decision", "sign_out")).await;
    assert_eq!(response.status, 403);
    assert!(is_signed_in(&browser).await);
}

async fn sign_out(browser: &TestBrowser<'_>) {
    let page = browser.get("/end_session").await;
    let response = browser.submit(page.form().with("decision", "sign_out"));
    assert_eq!(response.await.heading(), "You are signed out");
}

#[tokio::test]
async fn a_sign_out_revokes_the_public_clients_tokens_of_that_session_only() {
    let app = TestApp::new();
    let browser = app.browser();
    let spa = app.spa_exchange(&browser.spa_code(&[]).await).await;
    let consent = browser.get(&web_request(&[])).await;
    let sent = browser.allow(&consent).await;
    let code = &sent.redirect_parameters(&format!("{APP}/callback"))["code"];
    let web = app.exchange("confidant-web", code).await;
    let elsewhere = app.spa_tokens().await;

    sign_out(&browser).await;
    app.spa_refresh(spa.refresh())
        .await
        .assert_error(400, "invalid_grant");
    assert!(!app.accepts(spa.access()).await);
    app.spa_refreshed(elsewhere.refresh()).await;
    app.refreshed(web.refresh()).await;
    let reasons = app.logged("reason").await;
    assert!(reasons.contains(&json!("signed_out")));
}

#[tokio::test]
async fn tokens_stay_valid_after_a_sign_out_if_the_policy_says_so() {
    let app = TestApp::new();
    app.set_spa_policy(json!({"at_sign_out": "live"})).await;
    let browser = app.browser();
    let spa = app.spa_exchange(&browser.spa_code(&[]).await).await;
    sign_out(&browser).await;
    app.spa_refreshed(spa.refresh()).await;
}

#[tokio::test]
async fn signing_in_again_continues_the_session_that_a_sign_out_ends() {
    let app = TestApp::new();
    let browser = app.browser();
    let first = app.spa_exchange(&browser.spa_code(&[]).await).await;
    let again = spa_request(&[("prompt", "login")]);
    let sent = browser.sign_in(&again, "alice").await;
    let code = &sent.redirect_parameters(&spa_callback())["code"];
    let second = app.spa_exchange(code).await;
    let first = app.spa_refreshed(first.refresh()).await;
    sign_out(&browser).await;
    for tokens in [first, second] {
        app.spa_refresh(tokens.refresh())
            .await
            .assert_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn signing_in_as_another_user_signs_the_first_out() {
    let app = TestApp::new();
    let browser = app.browser();
    let alice = app.spa_exchange(&browser.spa_code(&[]).await).await;
    let other = spa_request(&[("prompt", "login")]);
    browser.sign_in(&other, "bob").await;
    app.spa_refresh(alice.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_sign_out_by_the_control_api_revokes_the_public_clients_tokens() {
    let app = TestApp::new();
    let spa = app.spa_tokens().await;
    app.controls.sign_out_user("alice").unwrap();
    assert!(!app.accepts(spa.access()).await);
}
