//! Clock offsets of the provider and the API.

use confidant_provider::ClockOffsets;

use crate::app::{TestApp, Tokens};

const HOUR: i64 = 3_600_000;

/// Returns the status codes of userinfo and the API for a token.
async fn statuses(app: &TestApp, tokens: &Tokens) -> (u16, u16) {
    let userinfo = app
        .get_with_token("/userinfo", tokens.access())
        .await
        .status;
    let api = app.get_with_token("/api/me", tokens.access()).await.status;
    (userinfo.as_u16(), api.as_u16())
}

fn set(app: &TestApp, provider_ms: i64, api_ms: i64) {
    app.controls.set_clock(ClockOffsets {
        provider_ms,
        api_ms,
    });
}

#[tokio::test]
async fn the_two_clocks_have_independent_offsets() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    assert_eq!(statuses(&app, &tokens).await, (200, 200));
    set(&app, HOUR, 0);
    assert_eq!(statuses(&app, &tokens).await, (401, 200));
    set(&app, 0, HOUR);
    assert_eq!(statuses(&app, &tokens).await, (200, 401));
    set(&app, -HOUR, -HOUR);
    assert_eq!(statuses(&app, &tokens).await, (200, 200));
}

#[tokio::test]
async fn tokens_of_a_slow_provider_are_expired_at_the_api() {
    let app = TestApp::new();
    set(&app, -HOUR, 0);
    let tokens = app.tokens().await;
    // The response has a duration, which does not depend on the clock.
    assert_eq!(tokens.0["expires_in"], 60);
    assert_eq!(statuses(&app, &tokens).await, (200, 401));
}
