//! A provider's id that stands for another client after a restart.

use crate::app::TestApp;
use confidant_bff::settings::Timing;
use confidant_provider::ProviderControls;
use std::time::Duration;

#[tokio::test]
async fn tokens_of_one_client_are_presented_by_no_other_under_the_same_id() {
    let mut app = TestApp::start_with(|config, _| {
        config.settings.timing = Timing::with_deadline(Duration::from_millis(300));
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let view = browser.get("/auth/token").await.success();
    let token = view["refresh_token"].as_str().unwrap().to_owned();
    let cookies = browser.cookies();
    app = app.restarted().await;
    let browser = app.browser().with_cookies(cookies.clone());
    assert_eq!(
        browser.get("/auth/session").await.success()["signed_in"],
        true
    );

    app.change(|config| config.settings.providers[0].client_id = "another-client".into());
    let app = app.restarted().await;
    let browser = app.browser().with_cookies(cookies);
    assert_eq!(
        browser.get("/auth/session").await.success()["signed_in"],
        false
    );
    assert_eq!(browser.call("GET", "/api/demo/me", "").await.status, 401);
    // Nor is it sent to be revoked.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let controls = ProviderControls::new(app.provider().clone());
    let (kind, hex) = token.split_once('·').unwrap();
    assert!(controls.token_status(kind, hex).unwrap().active);
}
