//! A refused or rate-limited refresh of one grant does not affect other grants.

use crate::app::{Browser, ScriptedResponse, TestApp, TokenEndpoint};

const REFRESH: &str = "grant_type=refresh_token";

/// Signs two users in at the same provider.
async fn sign_in_two_users(app: &TestApp) -> (Browser<'_>, Browser<'_>) {
    let (alice, bob) = (app.browser(), app.browser());
    alice.sign_in("alice").await;
    bob.sign_in("bob").await;
    (alice, bob)
}

/// Asserts that this user's expired token is refreshed at once, with one token
/// request.
async fn assert_unaffected(browser: &Browser<'_>, endpoint: &TokenEndpoint) {
    let before = endpoint.requests();
    browser.post("/auth/expire", &[]).await.success();
    browser.get("/auth/profile").await.success();
    assert_eq!(endpoint.requests() - before, 1);
}

#[tokio::test]
async fn a_dead_grant_does_not_delay_other_users() {
    let endpoint = TokenEndpoint::default();
    let app = TestApp::start_with_token_endpoint(&endpoint, |_, _| ()).await;
    let (alice, bob) = sign_in_two_users(&app).await;
    let dead = r#"{"error":"bad_refresh_token"}"#;
    endpoint.respond(REFRESH, ScriptedResponse::new(200, dead));
    let before = endpoint.requests();
    for _ in 0..5 {
        let refused = alice.post("/auth/refresh", &[]).await;
        assert_eq!(refused.problem(), (401, "grant_dead".into()));
    }
    assert_eq!(endpoint.requests() - before, 1);
    endpoint.recover();
    assert_unaffected(&bob, &endpoint).await;
}

#[tokio::test]
async fn refused_refreshes_of_one_grant_do_not_delay_other_users() {
    for refusal in [
        ScriptedResponse::new(400, r#"{"error":"not_allowed"}"#),
        ScriptedResponse::new(500, ""),
        ScriptedResponse::new(503, ""),
    ] {
        let endpoint = TokenEndpoint::default();
        let app = TestApp::start_with_token_endpoint(&endpoint, |config, _| {
            // Under grace the refresh token stays usable after a lost response.
            config.settings.providers[0].grace = Some(std::time::Duration::from_secs(60));
        })
        .await;
        let (alice, bob) = sign_in_two_users(&app).await;
        endpoint.respond(REFRESH, refusal);
        for _ in 0..5 {
            let refused = alice.post("/auth/refresh", &[]).await;
            assert!(refused.status.is_server_error(), "{}", refused.text);
        }
        endpoint.recover();
        assert_unaffected(&bob, &endpoint).await;
    }
}

#[tokio::test]
async fn a_refused_resource_does_not_delay_other_requests() {
    let endpoint = TokenEndpoint::default();
    let app = TestApp::start_with_token_endpoint(&endpoint, |config, _| {
        let api = &mut config.settings.apis[0];
        api.resource = Some("https://unknown.example".into());
    })
    .await;
    let (alice, bob) = sign_in_two_users(&app).await;
    let refused = r#"{"error":"invalid_target"}"#;
    endpoint.respond("resource=", ScriptedResponse::new(400, refused));
    for _ in 0..5 {
        let response = alice.call("GET", "/api/demo/me", "").await;
        assert_eq!(response.problem(), (502, "client_misconfigured".into()));
    }
    assert_unaffected(&bob, &endpoint).await;
    // Other requests of the same user are not affected either.
    assert_unaffected(&alice, &endpoint).await;
}

#[tokio::test]
async fn a_rate_limit_applies_to_the_grant_that_met_it() {
    for retry_after in [Some(10), None] {
        let endpoint = TokenEndpoint::default();
        let app = TestApp::start_with_token_endpoint(&endpoint, |_, _| ()).await;
        let (alice, bob) = sign_in_two_users(&app).await;
        let limited = ScriptedResponse {
            retry_after,
            ..ScriptedResponse::new(429, "")
        };
        endpoint.respond(REFRESH, limited);
        let limited = bob.post("/auth/refresh", &[]).await;
        assert_eq!(limited.problem(), (503, "provider_unavailable".into()));
        endpoint.recover();
        let before = endpoint.requests();
        alice.post("/auth/refresh", &[]).await.success();
        assert_eq!(endpoint.requests() - before, 1);
        assert_unaffected(&alice, &endpoint).await;
        if retry_after.is_some() {
            let before = endpoint.requests();
            let limited = bob.post("/auth/refresh", &[]).await;
            assert_eq!(limited.problem(), (503, "provider_unavailable".into()));
            let wait: u64 = limited.header("retry-after").parse().unwrap();
            assert!((1..=10).contains(&wait), "{wait}");
            assert_eq!(endpoint.requests(), before);
        }
    }
}
