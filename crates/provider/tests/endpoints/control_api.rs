//! The control API.

use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{HeaderValue, Method, header},
};
use serde_json::{Value, json};

use crate::app::{TestApp, control_request, web_request};

#[tokio::test]
async fn faults_are_set_shown_and_removed() {
    let app = TestApp::new();
    let rule = json!({
        "endpoint": "/token", "client": "confidant-web", "grant_type": "refresh_token",
        "fault": {"kind": "status", "status": 503, "retry_after_s": 2},
        "skip": 1, "times": 1,
    });
    let set = app
        .control(Method::PUT, "/demo/faults", json!([rule]))
        .await;
    assert_eq!(set.status.as_u16(), 200, "{}", set.text);
    let first = app.tokens().await;
    let second = app.refreshed(first.refresh()).await;
    assert_eq!(app.refresh(second.refresh()).await.status.as_u16(), 503);
    let third = app.refreshed(second.refresh()).await;
    let shown = app.control(Method::GET, "/demo/faults", Value::Null).await;
    let shown = &shown.json()[0];
    assert_eq!(shown["fault"]["at"], "before_commit");
    assert_eq!((&shown["seen"], &shown["hits"]), (&json!(3), &json!(1)));

    let forever = json!([{"fault": {"kind": "html", "status": 503}}]);
    app.control(Method::PUT, "/demo/faults", forever).await;
    assert_eq!(app.get("/jwks").await.status.as_u16(), 503);
    let cleared = app
        .control(Method::DELETE, "/demo/faults", Value::Null)
        .await;
    assert_eq!(cleared.json(), json!([]));
    app.refreshed(third.refresh()).await;
}

#[tokio::test]
async fn a_policy_is_changed_for_one_client_and_reset() {
    let app = TestApp::new();
    let path = "/demo/policy/confidant-web";
    let configured = app.control(Method::GET, path, Value::Null).await.json();
    let expected = json!({
        "offline": "scope", "answer": "new", "bound_answer": "same",
        "old_refresh_token": "revoked", "old_access_token": "lives",
        "reuse": "family_revoked", "lifetime": {"sliding_ms": 14 * 24 * 3_600_000_u64},
        "at_sign_out": "live", "dpop_nonce": "optional", "access_token_lifetime_ms": 60_000,
    });
    assert_eq!(configured, expected);
    let change = json!({"old_access_token": "revoked", "lifetime": {"idle_ms": 1000}});
    let changed = app.control(Method::PUT, path, change).await.json();
    assert_eq!(changed["old_access_token"], "revoked");
    assert_eq!(changed["lifetime"], json!({"idle_ms": 1000}));

    // Omitted fields are as configured, not as before.
    let change = json!({"old_refresh_token": {"grace_new_pair_ms": 30_000}});
    let changed = app.control(Method::PUT, path, change).await.json();
    assert_eq!(changed["old_access_token"], "lives");
    let first = app.tokens().await;
    app.refreshed(first.refresh()).await;
    app.refreshed(first.refresh()).await;
    let spa = "/demo/policy/confidant-spa";
    let other = app.control(Method::GET, spa, Value::Null).await.json();
    assert_eq!(other["old_refresh_token"], "revoked");

    app.control(Method::POST, "/demo/reset", Value::Null).await;
    let reset = app.control(Method::GET, path, Value::Null).await.json();
    assert_eq!(reset, expected);
    app.refresh(first.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_reset_restores_all_settings() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let plan = json!([{"fault": {"kind": "close"}}]);
    app.control(Method::PUT, "/demo/faults", plan).await;
    let clock = json!({"api_ms": 86_400_000});
    let set = app.control(Method::POST, "/demo/clock", clock).await;
    assert_eq!(set.json(), json!({"provider_ms": 0, "api_ms": 86_400_000}));
    let reset = app.control(Method::POST, "/demo/reset", Value::Null).await;
    assert_eq!(reset.status.as_u16(), 204);
    assert!(app.accepts(tokens.access()).await);
    let clock = app.control(Method::GET, "/demo/clock", Value::Null).await;
    assert_eq!(clock.json(), json!({"provider_ms": 0, "api_ms": 0}));
}

#[tokio::test]
async fn every_preset_is_a_valid_request_body() {
    let app = TestApp::new();
    let presets = app
        .control(Method::GET, "/demo/presets", Value::Null)
        .await
        .json();
    let lists = [("faults", "rules", "/demo/faults")];
    let policies = [
        ("policies", "policy", "/demo/policy/confidant-web"),
        ("policies", "policy", "/demo/policy/confidant-spa"),
    ];
    for (list, body, path) in lists.into_iter().chain(policies) {
        let list = presets[list].as_array().unwrap();
        assert!(list.len() > 4);
        for preset in list {
            assert!(preset["words"].is_string(), "{preset}");
            let put = app.control(Method::PUT, path, preset[body].clone()).await;
            assert_eq!(put.status.as_u16(), 200, "{preset}: {}", put.text);
        }
    }
}

#[tokio::test]
async fn revoking_a_user_revokes_the_tokens_of_that_user_only() {
    let app = TestApp::new();
    let alice = [app.tokens().await, app.tokens().await];
    let browser = app.browser();
    let consent = browser.sign_in(&web_request(&[]), "bob").await;
    let sent = browser.allow(&consent).await;
    let sent = sent.redirect_parameters("http://localhost:3000/callback");
    let bob = app.exchange("confidant-web", &sent["code"]).await;

    let revoke = "/demo/revoke/alice";
    let revoked = app.control(Method::POST, revoke, Value::Null).await;
    assert_eq!(revoked.json(), json!({"families": 2}));
    for tokens in &alice {
        assert!(!app.accepts(tokens.access()).await);
        app.refresh(tokens.refresh())
            .await
            .assert_error(400, "invalid_grant");
    }
    assert!(app.accepts(bob.access()).await);
    let reasons = app.logged("reason").await;
    assert_eq!(reasons[3..5], ["by_provider", "by_provider"]);
    let again = app.control(Method::POST, revoke, Value::Null).await;
    assert_eq!(again.json(), json!({"families": 0}));
}

#[tokio::test]
async fn after_a_sign_out_at_the_provider_silent_authorization_fails() {
    let app = TestApp::new();
    let browser = app.browser();
    let code = browser.code(&[]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    let silent = web_request(&[("prompt", "none")]);
    assert!(browser.get(&silent).await.location().contains("code="));
    let path = "/demo/sign_out/alice";
    let ended = app.control(Method::POST, path, Value::Null).await;
    assert_eq!(ended.json(), json!({"sessions": 1}));
    let refused = browser.get(&silent).await;
    assert!(refused.location().contains("error=login_required"));
    app.refreshed(tokens.refresh()).await;
}

#[tokio::test]
async fn invalid_control_requests_are_refused_and_change_nothing() {
    let app = TestApp::new();
    let policy = "/demo/policy/confidant-web";
    let cases = [
        ("/demo/faults", json!({}), 400, "bad_body"),
        (
            "/demo/faults",
            json!([{"fault": {"kind": "flood"}}]),
            400,
            "bad_body",
        ),
        (
            "/demo/faults",
            json!([{"fault": {"kind": "close", "when": "now"}}]),
            400,
            "bad_body",
        ),
        (
            "/demo/faults",
            json!([{"fault": {"kind": "truncated", "at": "before_commit"}}]),
            400,
            "bad_body",
        ),
        (
            "/demo/faults",
            json!([{"endpoint": "/demo/faults", "fault": {"kind": "close"}}]),
            400,
            "bad_rule",
        ),
        (policy, json!({"reuse": "forgiven"}), 400, "bad_body"),
        (
            policy,
            json!({"old_refresh_token": {"uses": 0}}),
            400,
            "no_use",
        ),
        ("/demo/policy/nobody", json!({}), 404, "unknown_client"),
    ];
    for (path, body, status, code) in cases {
        let response = app.control(Method::PUT, path, body.clone()).await;
        assert_eq!(response.status.as_u16(), status, "{path} {body}");
        assert_eq!(response.json()["code"], code);
    }
    for path in ["/demo/revoke/nobody", "/demo/sign_out/nobody"] {
        let response = app.control(Method::POST, path, Value::Null).await;
        assert_eq!(response.json()["code"], "unknown_person");
    }
    assert_eq!(app.controls.faults(), []);
}

#[tokio::test]
async fn only_local_programs_can_use_the_control_api() {
    let app = TestApp::new();
    let elsewhere: SocketAddr = "192.0.2.1:9".parse().unwrap();
    for (method, path) in [
        (Method::PUT, "/demo/faults"),
        (Method::DELETE, "/demo/faults"),
        (Method::GET, "/demo/policy/confidant-web"),
        (Method::POST, "/demo/clock"),
        (Method::PUT, "/demo/framing"),
        (Method::GET, "/demo/tokens/at/7f3a9c"),
        (Method::GET, "/demo/presets"),
        (Method::POST, "/demo/reset"),
        (Method::POST, "/demo/revoke/alice"),
        (Method::POST, "/demo/sign_out/alice"),
    ] {
        let request = || control_request(method.clone(), path, &json!([]));
        let mut remote = request();
        remote.extensions_mut().insert(ConnectInfo(elsewhere));
        let mut unknown = request();
        unknown.extensions_mut().remove::<ConnectInfo<SocketAddr>>();
        let mut page = request();
        let origin = HeaderValue::from_static("http://127.0.0.1:4000");
        page.headers_mut().insert(header::ORIGIN, origin);
        let mut form = request();
        form.headers_mut().remove("x-demo");
        for (request, code) in [
            (remote, "not_local"),
            (unknown, "not_local"),
            (page, "from_page"),
            (form, "no_header"),
        ] {
            let response = app.send(request).await;
            assert_eq!(response.status.as_u16(), 403, "{path}");
            assert_eq!(response.json()["code"], code, "{path}");
        }
    }
}

#[tokio::test]
async fn the_control_api_is_absent_unless_configured() {
    let app = TestApp::with(|config| config.controls = false);
    let reset = app.control(Method::POST, "/demo/reset", Value::Null).await;
    assert_eq!(reset.status.as_u16(), 404);
    assert_eq!(app.get("/demo").await.status.as_u16(), 200);
}
