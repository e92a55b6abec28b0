//! Silent re-authentication: after a lost response leaves no usable refresh token,
//! the next navigation sends a new authorization request with `prompt=none`.

use crate::app::{Browser, TestApp, parameter};

const PAGE: &str = "/bff/profile";

/// Signs a user in and loses the response to a refresh under strict rotation.
async fn sign_in_with_lost_response(browser: &Browser<'_>) {
    browser.sign_in("alice").await;
    browser.control("fault", &[("preset", "lost_answer")]).await;
    let response = browser.post("/auth/refresh", &[]).await;
    assert_eq!(response.problem(), (401, "reauthorize".into()));
}

/// Sends the authorization request. Returns the URL that the provider redirects
/// to.
async fn authorize(browser: &Browser<'_>, url: &str) -> String {
    browser.follow(url).await.location().to_owned()
}

#[tokio::test]
async fn the_access_token_is_used_until_it_expires_and_the_page_says_so() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in_with_lost_response(&browser).await;
    let page = browser.open(PAGE).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("is used to its end"), "{}", page.text);
    let view = browser.get("/auth/token").await.success();
    assert_eq!(view["may_be_spent"], true);
}

#[tokio::test]
async fn the_next_navigation_reauthenticates_silently_and_returns_to_its_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in_with_lost_response(&browser).await;
    browser.post("/auth/expire", &[]).await.success();
    let url = browser.open(PAGE).await.location().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
    let callback = authorize(&browser, &url).await;
    assert_eq!(browser.finish(&callback).await.success()["return_to"], PAGE);
    let page = browser.open(PAGE).await;
    assert_eq!(page.status, 200);
    for part in ["What the new authorization changed", "asked you nothing"] {
        assert!(
            page.text.contains(part),
            "{part} is missing from {}",
            page.text
        );
    }
    // The log still contains the request whose response was lost.
    let log = browser.get("/auth/log").await.success();
    let lost =
        |exchange: &serde_json::Value| exchange["path"] == "/token" && exchange["status"].is_null();
    assert!(log["exchanges"].as_array().unwrap().iter().any(lost));
    assert_eq!(log["change"]["cause"], "renewal");
    assert_eq!(log["change"]["before"]["may_be_spent"], true);
    assert_eq!(log["change"]["after"]["may_be_spent"], false);
}

#[tokio::test]
async fn a_page_whose_own_refresh_gets_no_response_reauthenticates_silently() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.control("fault", &[("preset", "lost_answer")]).await;
    browser.post("/auth/expire", &[]).await.success();
    // First through a server function, then as a navigation.
    let called = browser.post("/app/expire_and_call", &[]).await;
    let url = called.success()["go_to"].as_str().unwrap().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
    let url = browser
        .open("/bff/automatic_refresh")
        .await
        .location()
        .to_owned();
    let callback = authorize(&browser, &url).await;
    let back = browser.finish(&callback).await.success();
    assert_eq!(back["return_to"], "/bff/automatic_refresh");
}

#[tokio::test]
async fn a_user_without_a_session_at_the_provider_is_asked_to_sign_in_on_that_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in_with_lost_response(&browser).await;
    browser.control("sign_out", &[("user", "alice")]).await;
    browser.post("/auth/expire", &[]).await.success();
    let url = browser.open(PAGE).await.location().to_owned();
    let callback = authorize(&browser, &url).await;
    assert_eq!(
        parameter(&callback, "error").as_deref(),
        Some("login_required")
    );
    assert_eq!(browser.finish(&callback).await.success()["return_to"], PAGE);
    let page = browser.open(PAGE).await;
    assert_eq!(page.status, 401);
    for part in [
        "was lost on its way",
        r#"name="return_to" value="/bff/profile""#,
    ] {
        assert!(
            page.text.contains(part),
            "{part} is missing from {}",
            page.text
        );
    }
    // There is no redirect loop.
    assert_eq!(browser.open(PAGE).await.status, 401);
}

#[tokio::test]
async fn the_fault_panel_needs_no_token() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in_with_lost_response(&browser).await;
    browser.post("/auth/expire", &[]).await.success();
    assert_eq!(browser.open("/bff/faults").await.status, 200);
    let view = browser.post("/app/view_token", &[]).await.success();
    assert!(view["go_to"].is_null() && view["show"].is_object());
}

#[tokio::test]
async fn an_access_token_revoked_by_the_lost_refresh_is_replaced_at_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let revoking = [("preset", "old_access_token_killed")];
    browser.control("policy", &revoking).await;
    browser.control("fault", &[("preset", "lost_answer")]).await;
    let response = browser.post("/auth/refresh", &[]).await;
    assert_eq!(response.problem(), (401, "reauthorize".into()));
    // The token has not expired, but the provider refuses it.
    let url = browser.open(PAGE).await.location().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
}

#[tokio::test]
async fn a_temporarily_unavailable_provider_ends_no_session() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in_with_lost_response(&browser).await;
    browser.post("/auth/expire", &[]).await.success();
    let url = browser.open(PAGE).await.location().to_owned();
    let state = parameter(&url, "state").unwrap();
    let fields = [
        ("state", state.as_str()),
        ("iss", app.demo().issuer.as_str()),
        ("error", "temporarily_unavailable"),
    ];
    let refused = browser.post("/auth/login/finish", &fields).await;
    assert_eq!(refused.problem(), (400, "authorization_failed".into()));
    let session = browser.get("/auth/session").await.success();
    assert_eq!(session["signed_in"], true);
    // The next navigation tries again and succeeds.
    let url = browser.open(PAGE).await.location().to_owned();
    let callback = authorize(&browser, &url).await;
    browser.finish(&callback).await.success();
    assert_eq!(browser.open(PAGE).await.status, 200);
}

#[tokio::test]
async fn a_mediated_page_that_got_no_token_reauthenticates_on_its_next_navigation() {
    let app = TestApp::start().await;
    let browser = crate::mediated::sign_in(&app).await;
    browser.control("fault", &[("preset", "lost_answer")]).await;
    let refused = browser.post("/auth/mediated/token", &[]).await;
    assert_eq!(refused.problem(), (401, "reauthorize".into()));
    let url = browser.open("/mediated/menu").await.location().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
    let callback = authorize(&browser, &url).await;
    let back = browser.finish(&callback).await.success();
    assert_eq!(back["return_to"], "/mediated/menu");
    browser.post("/auth/mediated/token", &[]).await.success();
}
