//! Ended sessions and their tokens at the provider.

use crate::app::{Browser, TestApp};
use confidant_bff::settings::{ProviderProfile, Timing};
use confidant_provider::{Fault, FaultRule, FaultTiming, ProviderControls};
use std::time::Duration;

async fn start() -> TestApp {
    TestApp::start_with(|config, _| {
        // The queue is looked at just as often.
        config.settings.timing = Timing::with_deadline(Duration::from_millis(300));
    })
    .await
}

/// Returns the fingerprint of the session's refresh token.
async fn refresh_token(browser: &Browser<'_>) -> String {
    let view = browser.get("/auth/token").await.success();
    view["refresh_token"].as_str().unwrap().to_owned()
}

/// Returns the same browser, signed out of the provider: it asks for a password again.
fn with_new_provider_session<'a>(app: &'a TestApp, browser: &Browser<'_>) -> Browser<'a> {
    app.browser().with_cookies(browser.cookies())
}

fn is_active(app: &TestApp, fingerprint: &str) -> bool {
    let (kind, hex) = fingerprint.split_once('·').unwrap();
    let controls = ProviderControls::new(app.provider().clone());
    let status = controls.token_status(kind, hex).unwrap();
    assert!(status.known, "{fingerprint}");
    status.active
}

/// Waits until a token is revoked.
async fn wait_until_revoked(app: &TestApp, fingerprint: &str) {
    for _ in 0..400 {
        if !is_active(app, fingerprint) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{fingerprint} is still active after 20 s");
}

/// Makes the provider's endpoint misbehave this many times.
fn set_fault(app: &TestApp, endpoint: &str, times: u64, fault: Fault) {
    let rule = FaultRule {
        endpoint: Some(endpoint.into()),
        client: None,
        grant_type: None,
        fault,
        skip: 0,
        times: Some(times),
        probability: None,
        seed: 0,
    };
    let controls = ProviderControls::new(app.provider().clone());
    controls.set_faults(vec![rule]).unwrap();
}

fn fault_hits(app: &TestApp) -> u64 {
    let controls = ProviderControls::new(app.provider().clone());
    controls.faults().iter().map(|rule| rule.hits).sum()
}

#[tokio::test]
async fn a_browser_that_leaves_during_its_sign_out_leaves_no_living_token() {
    let app = start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let token = refresh_token(&browser).await;
    let delay = Fault::Delay {
        ms: 150,
        at: FaultTiming::BeforeCommit,
    };
    set_fault(&app, "/revoke", 1, delay);
    let sign_out = browser.post("/auth/logout", &[]);
    let left = tokio::time::timeout(Duration::from_millis(100), sign_out).await;
    assert!(left.is_err(), "the sign-out was too fast for this test");
    wait_until_revoked(&app, &token).await;
}

#[tokio::test]
async fn a_provider_that_is_down_at_the_sign_out_revokes_the_tokens_later() {
    let app = start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let token = refresh_token(&browser).await;
    let down = Fault::Status {
        status: 503,
        retry_after_s: None,
        at: FaultTiming::BeforeCommit,
    };
    set_fault(&app, "/revoke", 1, down);
    let signed_out = browser.post("/auth/logout", &[]).await.success();
    assert_eq!(signed_out["revoked"], false);
    assert!(is_active(&app, &token));
    wait_until_revoked(&app, &token).await;
    assert_eq!(fault_hits(&app), 1);
}

#[tokio::test]
async fn signing_in_again_revokes_the_tokens_of_the_session_before() {
    let app = start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = refresh_token(&browser).await;
    let browser = with_new_provider_session(&app, &browser);
    browser.sign_in("alice").await;
    let after = refresh_token(&browser).await;
    wait_until_revoked(&app, &before).await;
    assert!(is_active(&app, &after));
}

#[tokio::test]
async fn where_a_revocation_ends_newer_grants_only_another_users_tokens_are_revoked() {
    let app = TestApp::start_with(|config, _| {
        config.settings.timing = Timing::with_deadline(Duration::from_millis(300));
        let mut profile = ProviderProfile::by_id("generic").unwrap();
        profile.revoke_on_replacement = false;
        config.settings.providers[0].custom_profile = Some(profile);
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let first = refresh_token(&browser).await;
    let browser = with_new_provider_session(&app, &browser);
    browser.sign_in("alice").await;
    let second = refresh_token(&browser).await;
    let browser = with_new_provider_session(&app, &browser);
    browser.sign_in("bob").await;
    wait_until_revoked(&app, &second).await;
    assert!(is_active(&app, &first));
    assert!(is_active(&app, &refresh_token(&browser).await));
}

#[tokio::test]
async fn the_tokens_of_an_expired_session_are_revoked() {
    let app = TestApp::start_with(|config, _| {
        config.settings.timing = Timing::with_deadline(Duration::from_millis(300));
        config.settings.session.idle = Duration::from_secs(1);
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let token = refresh_token(&browser).await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert!(is_active(&app, &token));
    // A server sweeps when it starts, and then every five minutes.
    let app = app.restarted().await;
    wait_until_revoked(&app, &token).await;
}

#[tokio::test]
async fn the_access_token_that_a_page_got_is_revoked_at_the_sign_out() {
    let app = start().await;
    let browser = app.browser();
    let fields = [("provider", "demo"), ("kind", "mediated")];
    let started = browser.post("/auth/login/start", &fields).await.success();
    let url = started["authorization_url"].as_str().unwrap().to_owned();
    let callback = browser.decide(&url, "alice", "allow").await;
    browser.finish(&callback).await.success();
    browser.post("/auth/mediated/token", &[]).await.success();
    // Refuses the revocation of the access token, and not of the refresh token.
    let down = Fault::Status {
        status: 503,
        retry_after_s: None,
        at: FaultTiming::AfterCommit,
    };
    set_fault(&app, "/revoke", 2, down);
    let signed_out = browser.post("/auth/logout", &[]).await.success();
    assert_eq!(signed_out["revoked"], false);
    // Both kinds of token were sent.
    assert_eq!(fault_hits(&app), 2);
}
