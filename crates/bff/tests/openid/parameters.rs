//! Parameters of one sign-in.

use crate::{
    application::{Application, settings},
    provider::{Provider, now},
};
use serde_json::json;

#[tokio::test]
async fn b29_a_sign_in_passes_on_what_it_may_choose_and_nothing_else() {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    let fields = [
        ("provider", "p"),
        ("login_hint", "ann@x.test"),
        ("prompt", "select_account"),
        ("ui_locales", "de"),
        ("acr_values", "2"),
        ("max_age", "0"),
        ("scope", "admin"),
        ("redirect_uri", "https://evil.example"),
    ];
    let sent = application.begin(&fields).await;
    for (name, value) in &fields[1..6] {
        assert_eq!(sent[*name], *value);
    }
    assert_eq!(sent["scope"], "openid");
    assert_eq!(sent["redirect_uri"], "https://app.example/callback");
    for refused in [("prompt", "none"), ("max_age", "x"), ("login_hint", "")] {
        let fields = [("provider", "p"), refused];
        let reply = application.post("/auth/login/start", &fields).await;
        assert_eq!(reply.problem(), (400, "bad_request".into()), "{refused:?}");
    }
}

#[tokio::test]
async fn b29_a_user_who_authenticated_too_long_ago_is_not_signed_in() {
    for (auth_time, is_good) in [
        (json!(now()), true),
        (json!(now() - 1000), false),
        (json!(null), false),
    ] {
        let provider = Provider::start().await;
        provider.script().claims = json!({ "auth_time": auth_time });
        let application = Application::start(&provider).await;
        let sent = application
            .begin(&[("provider", "p"), ("max_age", "60")])
            .await;
        let fields = [("code", sent["nonce"].as_str()), ("state", &sent["state"])];
        let reply = application.post("/auth/login/finish", &fields).await;
        assert_eq!(reply.status == 200, is_good, "{auth_time}: {}", reply.text);
    }
}

#[tokio::test]
async fn b29_what_the_profile_always_asks_is_still_asked() {
    let provider = Provider::start().await;
    let settings = settings(&provider).authorize_param("prompt", "consent");
    let application = Application::with([settings]).await;
    let sent = application
        .begin(&[("provider", "p"), ("prompt", "login")])
        .await;
    assert_eq!(sent["prompt"], "consent login");
}
