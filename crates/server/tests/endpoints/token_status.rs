//! What the demo provider still takes a token for.

use crate::app::TestApp;
use axum::Router;

async fn asked(app: &TestApp, fingerprint: &str) -> crate::app::Answer {
    let fields = [("fingerprint", fingerprint)];
    app.browser().post("/app/demo/token", &fields).await
}

#[tokio::test]
async fn a_token_is_worth_something_until_the_person_signs_out() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let view = browser.get("/auth/token").await.good();
    for token in ["access_token", "refresh_token"] {
        let fingerprint = view[token].as_str().unwrap();
        assert_eq!(asked(&app, fingerprint).await.good()["active"], true);
    }
    browser.post("/auth/logout", &[]).await.good();
    for token in ["access_token", "refresh_token"] {
        let fingerprint = view[token].as_str().unwrap();
        let worth = asked(&app, fingerprint).await.good();
        assert_eq!(
            (&worth["known"], &worth["active"]),
            (&true.into(), &false.into())
        );
        assert_eq!(worth["reason"], "by_client");
    }
}

#[tokio::test]
async fn what_is_no_fingerprint_is_told_so() {
    let app = TestApp::start().await;
    for text in [
        "",
        "at",
        "at·12345",
        "id·123456",
        "code·123456",
        "at·12345g",
    ] {
        let refused = asked(&app, text).await;
        assert_eq!(refused.problem(), (400, "bad_request".into()), "{text}");
    }
    assert_eq!(asked(&app, "at·000000").await.good()["known"], false);
}

#[tokio::test]
async fn without_a_demo_provider_nobody_can_tell() {
    let app = TestApp::with_impostor(Router::new()).await;
    let refused = asked(&app, "at·000000").await;
    assert_eq!(refused.problem(), (404, "not_found".into()));
}
