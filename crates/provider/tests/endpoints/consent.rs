//! `POST /consent`.

use crate::app::{APP, ISSUER, TestApp, web_request};

#[tokio::test]
async fn the_consent_page_describes_the_requested_scope() {
    let app = TestApp::new();
    let page = app.browser().sign_in(&web_request(&[]), "alice").await;
    assert_eq!(page.heading(), "Allow Confidant?");
    for words in [
        "Alice Example",
        "Know which account is yours",
        "See your name",
        "See your email address",
        "Stay connected while you are away",
        "http://localhost:3000",
    ] {
        assert!(page.text.contains(words), "{words}");
    }
    let less = web_request(&[("scope", "openid")]);
    let page = app.browser().sign_in(&less, "alice").await;
    assert!(!page.text.contains("See your email address"));
}

#[tokio::test]
async fn denied_consent_gives_the_client_an_error_and_no_code() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.sign_in(&web_request(&[]), "alice").await;
    let response = browser.submit(page.form().with("decision", "deny")).await;
    let sent = response.redirect_parameters(&format!("{APP}/callback"));
    assert_eq!(sent["error"], "access_denied");
    assert_eq!(sent["state"], "a state");
    assert_eq!(sent["iss"], ISSUER);
    assert!(!sent.contains_key("code"));
}

#[tokio::test]
async fn denied_consent_is_not_stored() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.sign_in(&web_request(&[]), "alice").await;
    browser.submit(page.form().with("decision", "deny")).await;
    let again = browser.get(&web_request(&[("prompt", "")])).await;
    assert_eq!(again.heading(), "Allow Confidant?");
}

#[tokio::test]
async fn a_form_of_another_browser_gives_no_consent() {
    let app = TestApp::new();
    let attackers = app.browser().sign_in(&web_request(&[]), "bob").await.form();
    let browser = app.browser();
    browser.sign_in(&web_request(&[]), "alice").await;
    let response = browser.submit(attackers.with("decision", "allow")).await;
    assert_eq!(response.status, 403);
}

#[tokio::test]
async fn a_form_with_another_request_gives_no_consent() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser
        .sign_in(&web_request(&[("scope", "openid")]), "alice")
        .await;
    let more = web_request(&[("prompt", "consent")]);
    let more = more.strip_prefix("/authorize?").unwrap();
    let form = page.form().with("request", more).with("decision", "allow");
    assert_eq!(browser.submit(form).await.status, 403);
}

#[tokio::test]
async fn the_decision_of_one_user_does_not_count_for_another() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.sign_in(&web_request(&[]), "alice").await;
    // Meanwhile, bob signs in in another tab.
    browser
        .sign_in(&web_request(&[("prompt", "login")]), "bob")
        .await;
    assert_eq!(browser.allow(&page).await.status, 403);
}

#[tokio::test]
async fn consent_requires_a_session() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.sign_in(&web_request(&[]), "alice").await;
    app.advance_clock(std::time::Duration::from_secs(9 * 3600));
    assert_eq!(browser.allow(&page).await.status, 403);
}

#[tokio::test]
async fn the_consent_page_lets_another_user_sign_in() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.sign_in(&web_request(&[]), "alice").await;
    let (_, link) = page.text.split_once("<a href=\"").unwrap();
    let link = link.split_once('"').unwrap().0.replace("&amp;", "&");
    let page = browser.sign_in(&link, "bob").await;
    assert!(page.text.contains("Bob Example"));
}
