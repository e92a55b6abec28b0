//! `POST /token` with a refresh token.

use std::time::Duration;

use axum::http::Method;
use confidant_provider::{
    Fault, FaultRule, FaultTiming, OfflineAccess, OldAccessToken, RefreshLifetime, RefreshPolicy,
};

use serde_json::json;

use crate::app::{TestApp, Tokens, expect_tokens, web_request};

#[tokio::test]
async fn a_refresh_gives_a_new_pair_and_the_old_access_token_stays_valid() {
    let app = TestApp::new();
    let first = app.tokens().await;
    let second = app.refreshed(first.refresh()).await;
    assert_ne!(first.access(), second.access());
    assert_ne!(first.refresh(), second.refresh());
    assert!(app.accepts(first.access()).await);
    assert!(app.accepts(second.access()).await);
}

#[tokio::test]
async fn reuse_of_a_refresh_token_revokes_the_family() {
    let app = TestApp::new();
    let first = app.tokens().await;
    let second = app.refreshed(first.refresh()).await;
    app.refresh(first.refresh())
        .await
        .assert_error(400, "invalid_grant");
    app.refresh(second.refresh())
        .await
        .assert_error(400, "invalid_grant");
    assert!(!app.accepts(first.access()).await);
    assert!(!app.accepts(second.access()).await);
}

#[tokio::test]
async fn revoking_one_family_does_not_affect_another() {
    let app = TestApp::new();
    let other = app.tokens().await;
    let first = app.tokens().await;
    app.refreshed(first.refresh()).await;
    app.refresh(first.refresh()).await;
    assert!(app.accepts(other.access()).await);
    app.refreshed(other.refresh()).await;
}

#[tokio::test]
async fn another_client_can_neither_use_nor_revoke_a_refresh_token() {
    let app = TestApp::new();
    let first = app.tokens().await;
    let second = app.refreshed(first.refresh()).await;
    for token in [first.refresh(), second.refresh()] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let response = app.post_as("google-like", "/token", &form).await;
        response.assert_error(400, "invalid_grant");
    }
    app.refreshed(second.refresh()).await;
}

#[tokio::test]
async fn an_access_token_is_not_accepted_as_a_refresh_token() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    app.refresh(tokens.access())
        .await
        .assert_error(400, "invalid_grant");
    app.refresh("").await.assert_error(400, "invalid_request");
    app.refreshed(tokens.refresh()).await;
}

#[tokio::test]
async fn a_narrower_scope_can_be_requested_and_does_not_narrow_the_grant() {
    let app = TestApp::new();
    let first = app.tokens().await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.refresh()),
        ("scope", "openid"),
    ];
    let narrow = Tokens(app.post_as_web("/token", &form).await.json());
    assert_eq!(narrow.0["scope"], "openid");
    let me = app.get_with_token("/api/me", narrow.access()).await;
    me.assert_error(403, "insufficient_scope");
    let wide = app.refreshed(narrow.refresh()).await;
    assert_eq!(wide.0["scope"], first.0["scope"]);
}

#[tokio::test]
async fn each_refresh_can_request_another_part_of_the_allowed_scope() {
    for policy in ["new", "same", "omitted"] {
        let app = TestApp::new();
        let path = "/demo/policy/confidant-web";
        let body = json!({"answer": policy});
        app.control(Method::PUT, path, body).await;
        let first = app.tokens().await;
        let mut token = first.refresh().to_owned();
        for scope in ["openid", "email", "profile openid", ""] {
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", &*token),
                ("scope", scope),
            ];
            let next = expect_tokens(&app.post_as_web("/token", &form).await);
            let expected = match scope {
                "" => first.0["scope"].as_str().unwrap(),
                part => part,
            };
            assert_eq!(next.0["scope"], expected);
            let token_of = [("token", next.access())];
            let told = app.post_as_web("/introspect", &token_of).await.json();
            assert_eq!(told["scope"], expected);
            let userinfo = app.get_with_token("/userinfo", next.access()).await;
            assert_eq!(userinfo.status == 200, expected.contains("openid"));
            if let Some(next) = next.0["refresh_token"].as_str() {
                token = next.to_owned();
            }
        }
    }
}

#[tokio::test]
async fn a_lost_response_costs_the_grant_under_strict_rotation_but_not_under_fapi() {
    let app = TestApp::new();
    let presets = app.control(Method::GET, "/demo/presets", json!(null)).await;
    let presets = presets.json();
    for (id, survives) in [("fapi2_confidential", true), ("strict", false)] {
        let mut policies = presets["policies"].as_array().unwrap().iter();
        let preset = policies.find(|preset| preset["id"] == id).unwrap();
        let path = "/demo/policy/confidant-web";
        app.control(Method::PUT, path, preset["policy"].clone())
            .await;
        let first = app.tokens().await;
        let lost = FaultRule::next_refresh(Fault::Status {
            status: 502,
            retry_after_s: None,
            at: FaultTiming::AfterCommit,
        });
        app.controls.set_faults(vec![lost]).unwrap();
        assert_eq!(app.refresh(first.refresh()).await.status, 502);
        let retry = app.refresh(first.refresh()).await;
        assert_eq!(retry.status == 200, survives, "{id}");
    }
}

#[tokio::test]
async fn a_wider_scope_is_refused_and_spends_nothing() {
    let app = TestApp::new();
    let code = app.code(&[("scope", "openid offline_access")]).await;
    let first = app.exchange("confidant-web", &code).await;
    for scope in ["openid email", "everything"] {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", first.refresh()),
            ("scope", scope),
        ];
        let response = app.post_as_web("/token", &form).await;
        response.assert_error(400, "invalid_scope");
    }
    app.refreshed(first.refresh()).await;
}

#[tokio::test]
async fn a_refresh_token_expires() {
    let fortnight = Duration::from_secs(14 * 24 * 3600);
    let app = TestApp::new();
    let first = app.tokens().await;
    app.advance_clock(fortnight - Duration::from_secs(1));
    let second = app.refreshed(first.refresh()).await;
    app.advance_clock(fortnight);
    app.refresh(second.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn rotation_does_not_extend_a_fixed_lifetime() {
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    let app = TestApp::with(|config| {
        let lifetime = RefreshLifetime::FixedFromFirst(hours(8));
        config.clients[0].policy.refresh = RefreshPolicy::rotate_strict(lifetime);
    });
    let first = app.tokens().await;
    app.advance_clock(hours(3));
    let second = app.refreshed(first.refresh()).await;
    assert_eq!(second.0["refresh_token_expires_in"], 5 * 3600);
    app.advance_clock(hours(5));
    app.refresh(second.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_policy_can_return_the_same_refresh_token_each_time() {
    let app = TestApp::with(|config| {
        let policy = RefreshPolicy::same_token(RefreshLifetime::Unlimited);
        config.clients[0].policy.refresh = policy;
    });
    let first = app.tokens().await;
    let second = app.refreshed(first.refresh()).await;
    assert_eq!(first.refresh(), second.refresh());
    assert!(second.0.get("refresh_token_expires_in").is_none());
    app.refreshed(first.refresh()).await;
}

#[tokio::test]
async fn old_access_tokens_are_revoked_at_the_refresh_if_the_policy_says_so() {
    let app = TestApp::with(|config| {
        config.clients[0].policy.refresh.old_access_token = OldAccessToken::Revoked;
    });
    let first = app.tokens().await;
    let second = app.refreshed(first.refresh()).await;
    assert!(!app.accepts(first.access()).await);
    assert!(app.accepts(second.access()).await);
}

#[tokio::test]
async fn a_policy_can_always_or_never_give_a_refresh_token() {
    for (offline, given) in [(OfflineAccess::Always, true), (OfflineAccess::Never, false)] {
        let app = TestApp::with(|config| config.clients[0].policy.offline = offline);
        for scope in ["openid", "openid offline_access"] {
            let code = app.code(&[("scope", scope)]).await;
            let tokens = app.exchange("confidant-web", &code).await;
            assert_eq!(tokens.0.get("refresh_token").is_some(), given);
        }
    }
}

/// Signs in for the client under the Google policy and returns its tokens.
async fn google(app: &TestApp, browser: &crate::app::TestBrowser<'_>, prompt: &str) -> Tokens {
    let request = web_request(&[
        ("client_id", "google-like"),
        ("scope", "openid email"),
        ("access_type", "offline"),
        ("prompt", prompt),
    ]);
    let mut response = if browser.cookies().is_empty() {
        browser.sign_in(&request, "alice").await
    } else {
        browser.get(&request).await
    };
    if response.status == 200 {
        assert!(response.text.contains("Stay connected while you are away"));
        response = browser.allow(&response).await;
    }
    let sent = response.redirect_parameters("http://localhost:3000/callback");
    app.exchange("google-like", &sent["code"]).await
}

#[tokio::test]
async fn the_google_policy_gives_another_refresh_token_only_with_forced_consent() {
    let app = TestApp::new();
    let browser = app.browser();
    let first = google(&app, &browser, "").await;
    assert!(first.0.get("refresh_token").is_some());
    let second = google(&app, &browser, "").await;
    assert!(second.0.get("refresh_token").is_none());
    let third = google(&app, &browser, "consent").await;
    assert!(third.0.get("refresh_token").is_some());
}

#[tokio::test]
async fn the_google_policy_omits_the_refresh_token_in_a_refresh() {
    let app = TestApp::new();
    let first = google(&app, &app.browser(), "consent").await;
    for _ in 0..2 {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", first.refresh()),
        ];
        let again = app.post_as("google-like", "/token", &form).await.json();
        assert!(again["access_token"].is_string());
        assert!(again.get("refresh_token").is_none());
    }
}

#[tokio::test]
async fn the_hundred_and_first_family_evicts_the_oldest() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.code(&[]).await;
    let silent = web_request(&[("prompt", "none")]);
    let mut refresh_tokens = Vec::new();
    for _ in 0..101 {
        let response = browser.get(&silent).await;
        let sent = response.redirect_parameters("http://localhost:3000/callback");
        let tokens = app.exchange("confidant-web", &sent["code"]).await;
        refresh_tokens.push(tokens.refresh().to_owned());
    }
    app.refresh(&refresh_tokens[0])
        .await
        .assert_error(400, "invalid_grant");
    app.refreshed(&refresh_tokens[1]).await;
}
