//! The status of a token at the demo provider.

use crate::app::TestApp;
use axum::Router;

/// Asks the demo provider for the status of the token with this fingerprint.
async fn token_status(app: &TestApp, fingerprint: &str) -> crate::app::TestResponse {
    let fields = [("fingerprint", fingerprint)];
    app.browser().post("/app/demo/token", &fields).await
}

#[tokio::test]
async fn tokens_are_active_until_the_user_signs_out() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let view = browser.get("/auth/token").await.success();
    for token in ["access_token", "refresh_token"] {
        let fingerprint = view[token].as_str().unwrap();
        assert_eq!(
            token_status(&app, fingerprint).await.success()["active"],
            true
        );
    }
    browser.post("/auth/logout", &[]).await.success();
    for token in ["access_token", "refresh_token"] {
        let fingerprint = view[token].as_str().unwrap();
        let status = token_status(&app, fingerprint).await.success();
        assert_eq!(
            (&status["known"], &status["active"]),
            (&true.into(), &false.into())
        );
        assert_eq!(status["reason"], "by_client");
    }
}

#[tokio::test]
async fn a_malformed_fingerprint_is_a_bad_request() {
    let app = TestApp::start().await;
    for text in [
        "",
        "at",
        "at·12345",
        "id·123456",
        "code·123456",
        "at·12345g",
    ] {
        let refused = token_status(&app, text).await;
        assert_eq!(refused.problem(), (400, "bad_request".into()), "{text}");
    }
    assert_eq!(
        token_status(&app, "at·000000").await.success()["known"],
        false
    );
}

#[tokio::test]
async fn without_a_demo_provider_there_is_no_token_status() {
    let app = TestApp::start_with_provider(Router::new()).await;
    let refused = token_status(&app, "at·000000").await;
    assert_eq!(refused.problem(), (404, "not_found".into()));
}
