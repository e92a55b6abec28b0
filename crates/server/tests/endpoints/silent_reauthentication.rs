//! The silent way back: when a lost answer leaves no refresh token to use, the
//! next navigation asks the provider anew, and the person only if it must.

use crate::app::{Answer, Browser, TestApp, parameter};

const PAGE: &str = "/bff/profile";

/// Somebody whose refresh under strict rotation got no answer.
async fn bereft(browser: &Browser<'_>) {
    browser.sign_in("alice").await;
    browser.press("fault", &[("preset", "lost_answer")]).await;
    let answer = browser.post("/auth/refresh", &[]).await;
    assert_eq!(answer.problem(), (401, "reauthorize".into()));
}

/// Where the provider sends a browser that asks it at this address.
async fn asked(browser: &Browser<'_>, url: &str) -> String {
    browser.follow(url).await.location().to_owned()
}

async fn finished(browser: &Browser<'_>, callback: &str) -> Answer {
    browser.finish(callback).await
}

#[tokio::test]
async fn the_token_in_hand_is_used_to_its_end_and_the_pages_say_so() {
    let app = TestApp::start().await;
    let browser = app.browser();
    bereft(&browser).await;
    let page = browser.open(PAGE).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("is used to its end"), "{}", page.text);
    let view = browser.get("/auth/token").await.good();
    assert_eq!(view["may_be_spent"], true);
}

#[tokio::test]
async fn the_next_navigation_asks_nobody_and_returns_to_where_it_wanted_to_go() {
    let app = TestApp::start().await;
    let browser = app.browser();
    bereft(&browser).await;
    browser.post("/auth/expire", &[]).await.good();
    let url = browser.open(PAGE).await.location().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
    let callback = asked(&browser, &url).await;
    assert_eq!(
        finished(&browser, &callback).await.good()["return_to"],
        PAGE
    );
    let page = browser.open(PAGE).await;
    assert_eq!(page.status, 200);
    for part in ["What the new authorization changed", "asked you nothing"] {
        assert!(
            page.text.contains(part),
            "{part} is missing from {}",
            page.text
        );
    }
    // The log still has the request whose answer was lost.
    let log = browser.get("/auth/log").await.good();
    let lost = |it: &serde_json::Value| it["path"] == "/token" && it["status"].is_null();
    assert!(log["exchanges"].as_array().unwrap().iter().any(lost));
    assert_eq!(log["change"]["cause"], "renewal");
    assert_eq!(log["change"]["before"]["may_be_spent"], true);
    assert_eq!(log["change"]["after"]["may_be_spent"], false);
}

#[tokio::test]
async fn a_call_that_loses_its_answer_leads_its_own_page_the_same_way() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.press("fault", &[("preset", "lost_answer")]).await;
    browser.post("/auth/expire", &[]).await.good();
    // Pressed on a page that lives, and loaded as a whole.
    let pressed = browser.post("/app/expire_and_call", &[]).await;
    let url = pressed.good()["go_to"].as_str().unwrap().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
    let url = browser
        .open("/bff/automatic_refresh")
        .await
        .location()
        .to_owned();
    let callback = asked(&browser, &url).await;
    let back = finished(&browser, &callback).await.good();
    assert_eq!(back["return_to"], "/bff/automatic_refresh");
}

#[tokio::test]
async fn whom_the_provider_has_forgotten_is_asked_on_that_page_and_told_why() {
    let app = TestApp::start().await;
    let browser = app.browser();
    bereft(&browser).await;
    browser.press("sign_out", &[("person", "alice")]).await;
    browser.post("/auth/expire", &[]).await.good();
    let url = browser.open(PAGE).await.location().to_owned();
    let callback = asked(&browser, &url).await;
    assert_eq!(
        parameter(&callback, "error").as_deref(),
        Some("login_required")
    );
    assert_eq!(
        finished(&browser, &callback).await.good()["return_to"],
        PAGE
    );
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
    // Nobody is led in circles.
    assert_eq!(browser.open(PAGE).await.status, 401);
}

#[tokio::test]
async fn the_panel_is_had_without_new_tokens() {
    let app = TestApp::start().await;
    let browser = app.browser();
    bereft(&browser).await;
    browser.post("/auth/expire", &[]).await.good();
    assert_eq!(browser.open("/bff/faults").await.status, 200);
    let read = browser.post("/app/view_token", &[]).await.good();
    assert!(read["go_to"].is_null() && read["show"].is_object());
}

#[tokio::test]
async fn a_token_that_was_killed_with_the_lost_answer_is_not_waited_out() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let killed = [("preset", "old_access_token_killed")];
    browser.press("policy", &killed).await;
    browser.press("fault", &[("preset", "lost_answer")]).await;
    let answer = browser.post("/auth/refresh", &[]).await;
    assert_eq!(answer.problem(), (401, "reauthorize".into()));
    // It looks fresh, and the provider refuses it.
    let url = browser.open(PAGE).await.location().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
}

#[tokio::test]
async fn a_provider_that_is_only_busy_ends_no_session() {
    let app = TestApp::start().await;
    let browser = app.browser();
    bereft(&browser).await;
    browser.post("/auth/expire", &[]).await.good();
    let url = browser.open(PAGE).await.location().to_owned();
    let state = parameter(&url, "state").unwrap();
    let fields = [
        ("state", state.as_str()),
        ("iss", app.demo().issuer.as_str()),
        ("error", "temporarily_unavailable"),
    ];
    let refused = browser.post("/auth/login/finish", &fields).await;
    assert_eq!(refused.problem(), (400, "authorization_failed".into()));
    let session = browser.get("/auth/session").await.good();
    assert_eq!(session["signed_in"], true);
    // The next navigation tries again, and gets there.
    let url = browser.open(PAGE).await.location().to_owned();
    let callback = asked(&browser, &url).await;
    finished(&browser, &callback).await.good();
    assert_eq!(browser.open(PAGE).await.status, 200);
}

#[tokio::test]
async fn a_page_that_got_no_token_is_led_back_by_its_next_navigation() {
    let app = TestApp::start().await;
    let browser = crate::mediated::signed_in(&app).await;
    browser.press("fault", &[("preset", "lost_answer")]).await;
    let refused = browser.post("/auth/mediated/token", &[]).await;
    assert_eq!(refused.problem(), (401, "reauthorize".into()));
    let url = browser.open("/mediated/menu").await.location().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
    let callback = asked(&browser, &url).await;
    let back = finished(&browser, &callback).await.good();
    assert_eq!(back["return_to"], "/mediated/menu");
    browser.post("/auth/mediated/token", &[]).await.good();
}
