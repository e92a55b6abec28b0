//! Events during a silent re-authentication: sign-out, another sign-in, another
//! tab.

use crate::app::{Browser, TestApp, parameter};
use confidant_provider::{Fault, FaultRule, FaultTiming};
use std::time::Duration;

const PAGE: &str = "/bff/profile";
const SESSION: &str = "__Host-Http-confidant";
const BINDING: &str = "__Host-Http-confidant-login";

/// Loses the response to a refresh, so that the session needs a new authorization.
/// Returns the URL of the authorization request.
async fn begin_reauthentication(browser: &Browser<'_>) -> String {
    browser.control("fault", &[("preset", "lost_answer")]).await;
    let response = browser.post("/auth/refresh", &[]).await;
    assert_eq!(response.problem(), (401, "reauthorize".into()));
    browser.post("/auth/expire", &[]).await.success();
    open_page(browser).await
}

/// Opens the page in another tab. Returns the URL of the authorization request.
async fn open_page(browser: &Browser<'_>) -> String {
    let url = browser.open(PAGE).await.location().to_owned();
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("none"));
    url
}

/// Sends the authorization request. Returns the URL that the provider redirects
/// to, without showing a page.
async fn callback(browser: &Browser<'_>, url: &str) -> String {
    browser.follow(url).await.location().to_owned()
}

/// Sends an error to the server as the response to this authorization request.
async fn finish_with_error(
    browser: &Browser<'_>,
    url: &str,
    error: &str,
) -> crate::app::TestResponse {
    let state = parameter(url, "state").unwrap();
    let issuer = url.split("/authorize").next().unwrap();
    let fields = [("state", state.as_str()), ("iss", issuer), ("error", error)];
    browser.post("/auth/login/finish", &fields).await
}

/// Returns the number of codes exchanged so far.
async fn exchanged_codes(app: &TestApp) -> u64 {
    let counts = app.browser().follow("/demo/requests").await.success();
    let exchanged_codes = &counts["grant_types"]["authorization_code"];
    exchanged_codes.as_u64().unwrap_or_default()
}

/// Returns the name of the signed-in user.
async fn name(browser: &Browser<'_>) -> Option<String> {
    let session = browser.get("/auth/session").await.success();
    Some(session["name"].as_str()?.to_owned())
}

#[tokio::test]
async fn a_sign_out_cancels_the_reauthentication() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("bob").await;
    let url = begin_reauthentication(&browser).await;
    let cookies = browser.cookies();
    assert_eq!(
        browser.post("/auth/logout", &[]).await.success()["revoked"],
        true
    );
    let callback = callback(&browser, &url).await;
    assert!(parameter(&callback, "code").is_some(), "{callback}");
    let before = exchanged_codes(&app).await;
    let finished = browser.finish(&callback).await;
    assert_eq!(finished.problem(), (400, "bad_state".into()));
    assert_eq!(name(&browser).await, None);
    // The cookies from before the sign-out do not help.
    let kept = app.browser().with_cookies(cookies);
    let finished = kept.finish(&callback).await;
    assert_eq!(finished.problem(), (400, "bad_state".into()));
    assert_eq!(name(&kept).await, None);
    assert_eq!(exchanged_codes(&app).await, before);
}

#[tokio::test]
async fn a_sign_out_cancels_the_sign_ins_of_its_browser_and_of_no_other() {
    let app = TestApp::start().await;
    let (browser, other) = (app.browser(), app.browser());
    let urls = [browser.start().await, browser.start().await];
    let others = other.start().await;
    let cookies = browser.cookies();
    assert!(cookies.contains_key(BINDING));
    browser.post("/auth/logout", &[]).await.success();
    assert!(!browser.cookies().contains_key(BINDING));
    let kept = app.browser().with_cookies(cookies);
    for url in urls {
        let callback = app.browser().decide(&url, "alice", "allow").await;
        let finished = kept.finish(&callback).await;
        assert_eq!(finished.problem(), (400, "bad_state".into()));
    }
    let callback = other.decide(&others, "alice", "allow").await;
    other.finish(&callback).await.success();
}

#[tokio::test]
async fn a_reauthentication_without_its_session_is_refused() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("bob").await;
    let url = begin_reauthentication(&browser).await;
    let callback = callback(&browser, &url).await;
    let before = exchanged_codes(&app).await;
    let mut cookies = browser.cookies();
    cookies.remove(SESSION);
    let browser = browser.with_cookies(cookies);
    let finished = browser.finish(&callback).await;
    assert_eq!(finished.problem(), (400, "bad_state".into()));
    assert_eq!(exchanged_codes(&app).await, before);
    assert_eq!(name(&browser).await, None);
}

#[tokio::test]
async fn a_reauthentication_never_replaces_the_session_of_another_user() {
    let app = TestApp::start().await;
    let bob = app.browser();
    bob.sign_in("bob").await;
    let urls = [begin_reauthentication(&bob).await, open_page(&bob).await];
    let callback = callback(&bob, &urls[0]).await;
    // Another tab of the same browser.
    let alice = app.browser().with_cookies(bob.cookies());
    alice.sign_in("alice").await;
    let before = exchanged_codes(&app).await;
    let browser = bob.with_cookies(alice.cookies());
    let finished = browser.finish(&callback).await;
    assert_eq!(finished.problem(), (400, "bad_state".into()));
    let finished = finish_with_error(&browser, &urls[1], "login_required").await;
    assert_eq!(finished.problem(), (400, "bad_state".into()));
    assert_eq!(exchanged_codes(&app).await, before);
    assert_eq!(name(&browser).await.unwrap(), "Alice Example");
    browser.get("/auth/profile").await.success();
}

#[tokio::test]
async fn a_late_error_ends_no_session_that_began_meanwhile() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let url = begin_reauthentication(&browser).await;
    let again = app.browser().with_cookies(browser.cookies());
    again.sign_in("alice").await;
    let browser = browser.with_cookies(again.cookies());
    let finished = finish_with_error(&browser, &url, "login_required").await;
    assert_eq!(finished.success()["return_to"], PAGE);
    browser.get("/auth/profile").await.success();
}

#[tokio::test]
async fn an_error_ends_no_session_that_can_be_refreshed_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.control("policy", &[("preset", "grace_b")]).await;
    browser.control("reuse_rule", &[("reuse", "strict")]).await;
    let url = begin_reauthentication(&browser).await;
    browser.control("reuse_rule", &[("reuse", "grace")]).await;
    let finished = finish_with_error(&browser, &url, "login_required").await;
    assert_eq!(finished.success()["return_to"], PAGE);
    browser.get("/auth/profile").await.success();
}

#[tokio::test]
async fn a_reauthentication_as_another_user_ends_the_session() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.browser(), app.browser());
    bob.sign_in("bob").await;
    alice.sign_in("alice").await;
    let url = begin_reauthentication(&alice).await;
    // The same browser: bob has signed in at the provider meanwhile.
    let browser = bob.with_cookies(alice.cookies());
    let callback = callback(&browser, &url).await;
    let finished = browser.finish(&callback).await;
    assert_eq!(finished.success()["return_to"], PAGE);
    let profile = browser.get("/auth/profile").await;
    assert_eq!(profile.problem(), (401, "grant_dead".into()));
    assert_eq!(name(&browser).await, None);
}

#[tokio::test]
async fn of_two_tabs_that_reauthenticate_the_second_returns_without_a_code_exchange() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let urls = [
        begin_reauthentication(&browser).await,
        open_page(&browser).await,
    ];
    let before = exchanged_codes(&app).await;
    for url in urls {
        let callback = callback(&browser, &url).await;
        let finished = browser.finish(&callback).await;
        assert_eq!(finished.success()["return_to"], PAGE);
        assert_eq!(browser.open(PAGE).await.status, 200);
    }
    assert_eq!(exchanged_codes(&app).await, before + 1);
}

#[tokio::test]
async fn a_sign_out_during_the_code_exchange_is_final() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let url = begin_reauthentication(&browser).await;
    let callback = callback(&browser, &url).await;
    confidant_provider::ProviderControls::new(app.provider().clone())
        .set_faults(vec![FaultRule {
            endpoint: Some("/token".into()),
            client: None,
            grant_type: Some("authorization_code".into()),
            fault: Fault::Delay {
                ms: 1500,
                at: FaultTiming::AfterCommit,
            },
            skip: 0,
            times: None,
            probability: None,
            seed: 0,
        }])
        .unwrap();
    let before = exchanged_codes(&app).await;
    let sign_out = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        browser.post("/auth/logout", &[]).await
    };
    let (finished, out) = tokio::join!(browser.finish(&callback), sign_out);
    assert_eq!(exchanged_codes(&app).await, before + 1);
    assert_eq!(out.success()["revoked"], true);
    // The user returns to the page, which responds with 401.
    assert_eq!(finished.success()["return_to"], PAGE);
    assert!(!browser.cookies().contains_key(SESSION));
    assert_eq!(browser.open(PAGE).await.status, 401);
}

#[tokio::test]
async fn a_reauthentication_does_not_extend_the_session() {
    let app = TestApp::start_with(|config, _| {
        config.settings.session.absolute = Duration::from_secs(100);
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = browser.get("/auth/session").await.success();
    let url = begin_reauthentication(&browser).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let callback = callback(&browser, &url).await;
    let finished = browser.finish(&callback).await;
    finished.success();
    let after = browser.get("/auth/session").await.success();
    assert_eq!(after["since"], before["since"]);
    assert_eq!(after["until"], before["until"]);
    let mut cookies = finished.headers.get_all("set-cookie").iter();
    let cookie = cookies.find_map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        cookie.strip_prefix(&format!("{SESSION}="))
    });
    let (_, age) = cookie.unwrap().split_once("Max-Age=").unwrap();
    let age: u64 = age.parse().unwrap();
    assert!((60..=98).contains(&age), "{age}");
}

#[tokio::test]
async fn a_sign_in_replaces_no_session_of_another_user_that_began_after_it() {
    let app = TestApp::start().await;
    let bob = app.browser();
    let url = bob.start().await;
    let callback = bob.decide(&url, "bob", "allow").await;
    // Another tab of the same browser.
    let alice = app.browser().with_cookies(bob.cookies());
    alice.sign_in("alice").await;
    let browser = bob.with_cookies(alice.cookies());
    let finished = browser.finish(&callback).await;
    assert_eq!(finished.problem(), (400, "bad_state".into()));
    assert_eq!(name(&browser).await.unwrap(), "Alice Example");
    browser.get("/auth/profile").await.success();
}

#[tokio::test]
async fn a_sign_in_that_began_during_the_session_of_another_user_replaces_it() {
    let app = TestApp::start().await;
    let alice = app.browser();
    alice.sign_in("alice").await;
    let browser = app.browser().with_cookies(alice.cookies());
    browser.sign_in("bob").await;
    assert_eq!(name(&browser).await.unwrap(), "Bob Example");
    // The replaced session has ended.
    assert_eq!(name(&alice).await, None);
}

#[tokio::test]
async fn two_sign_ins_of_one_user_in_two_tabs_both_succeed() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let urls = [browser.start().await, browser.start().await];
    for url in urls {
        let callback = app.browser().decide(&url, "alice", "allow").await;
        browser.finish(&callback).await.success();
        browser.get("/auth/profile").await.success();
    }
}
