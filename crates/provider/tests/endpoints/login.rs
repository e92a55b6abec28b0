//! `POST /login`.

use axum::http::header;
use confidant_provider::Framing;

use crate::app::{APP, EMPTY_FORM, TestApp, form_request, web_request};

#[tokio::test]
async fn a_wrong_password_is_reported_and_the_username_kept() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.get(&web_request(&[])).await;
    for (username, password) in [("alice", "wrong"), ("alice", ""), ("nobody", ""), ("", "")] {
        let form = page
            .form()
            .with("username", username)
            .with("password", password);
        let response = browser.submit(form).await;
        assert_eq!(response.status, 422, "{username}:{password}");
        assert_eq!(response.heading(), "Sign in");
        assert!(response.text.contains("role=\"alert\""));
    }
    assert!(!browser.cookies().contains_key("meridian_session"));
}

#[tokio::test]
async fn a_username_is_shown_as_text_and_never_as_markup() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.get(&web_request(&[])).await;
    let nasty = "\"><script>alert(1)</script>";
    let response = browser.submit(page.form().with("username", nasty)).await;
    assert!(!response.text.contains("<script"));
    assert!(response.text.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn signing_in_sets_a_cookie_that_scripts_cannot_read() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.get(&web_request(&[])).await;
    let form = page
        .form()
        .with("username", " Alice ")
        .with("password", "lantern-42");
    let response = browser.submit(form).await;
    assert!(response.location().starts_with("/authorize?"));
    let cookie = response.header(header::SET_COOKIE);
    assert!(cookie.starts_with("meridian_session=msession_"));
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"));
}

#[tokio::test]
async fn a_session_cookie_for_iframes_is_secure() {
    let app = TestApp::with(|config| config.framing = Framing::Silent);
    let browser = app.browser();
    let page = browser.get(&web_request(&[])).await;
    let form = page
        .form()
        .with("username", "alice")
        .with("password", "lantern-42");
    let response = browser.submit(form).await;
    assert!(
        response
            .header(header::SET_COOKIE)
            .ends_with("SameSite=None; Secure")
    );
}

#[tokio::test]
async fn each_sign_in_starts_a_new_session() {
    let app = TestApp::new();
    let browser = app.browser();
    let again = web_request(&[("prompt", "login")]);
    browser.sign_in(&again, "alice").await;
    let first = browser.cookies();
    browser.sign_in(&again, "alice").await;
    assert_ne!(
        first["meridian_session"],
        browser.cookies()["meridian_session"]
    );

    // The first session has ended, so its cookie is useless.
    let thief = app.browser_with(first);
    let silent = web_request(&[("prompt", "none")]);
    let sent = thief
        .get(&silent)
        .await
        .redirect_parameters(&format!("{APP}/callback"));
    assert_eq!(sent["error"], "login_required");
}

#[tokio::test]
async fn a_form_of_another_browser_signs_no_user_in() {
    let app = TestApp::new();
    let attackers = app.browser().get(&web_request(&[])).await.form();
    let browser = app.browser();
    browser.get(&web_request(&[])).await;
    let form = attackers
        .with("username", "bob")
        .with("password", "harbour-17");
    let response = browser.submit(form).await;
    assert_eq!(response.status, 403);
    assert_eq!(response.heading(), "This form is no longer valid");
    assert!(!browser.cookies().contains_key("meridian_session"));
}

#[tokio::test]
async fn a_form_is_valid_for_its_own_request_only() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.get(&web_request(&[])).await;
    let other = web_request(&[("scope", "openid")]);
    let other = other.strip_prefix("/authorize?").unwrap();
    let form = page.form().with("request", other);
    let form = form
        .with("username", "alice")
        .with("password", "lantern-42");
    assert_eq!(browser.submit(form).await.status, 403);
}

#[tokio::test]
async fn cancelling_the_login_reports_access_denied() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.get(&web_request(&[])).await;
    let response = browser.submit(page.form().with("decision", "cancel")).await;
    let sent = response.redirect_parameters(&format!("{APP}/callback"));
    assert_eq!(sent["error"], "access_denied");
    assert_eq!(sent["state"], "a state");
}

#[tokio::test]
async fn an_invalid_form_shows_an_error_page() {
    let app = TestApp::new();
    let mut json = form_request("/login", EMPTY_FORM);
    let media_type = header::HeaderValue::from_static("application/json");
    json.headers_mut().insert(header::CONTENT_TYPE, media_type);
    assert_eq!(
        app.send(json).await.heading(),
        "That was not one of our forms"
    );

    let large = "x".repeat(70_000);
    let response = app.post("/login", &[("username", &large)]).await;
    assert_eq!(response.status, 413);
    assert_eq!(response.heading(), "That was too much");

    let response = app.post("/login", &[("username", "alice")]).await;
    assert_eq!(response.heading(), "Which app sent you?");
}
