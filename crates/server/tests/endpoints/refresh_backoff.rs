//! What a refused or limited refresh of one grant means for other grants.

use crate::app::{Browser, Scripted, TestApp, TokenEndpoint};

const REFRESH: &str = "grant_type=refresh_token";

/// Two people who are signed in at one provider.
async fn two(app: &TestApp) -> (Browser<'_>, Browser<'_>) {
    let (alice, bob) = (app.browser(), app.browser());
    alice.sign_in("alice").await;
    bob.sign_in("bob").await;
    (alice, bob)
}

/// Asserts that this person's expired token is refreshed at once, by one
/// token request.
async fn assert_unaffected(browser: &Browser<'_>, endpoint: &TokenEndpoint) {
    let before = endpoint.requests();
    browser.post("/auth/expire", &[]).await.good();
    browser.get("/auth/profile").await.good();
    assert_eq!(endpoint.requests() - before, 1);
}

#[tokio::test]
async fn a_dead_grant_keeps_nobody_else_waiting() {
    let endpoint = TokenEndpoint::default();
    let app = TestApp::start_behind(&endpoint, |_, _| ()).await;
    let (alice, bob) = two(&app).await;
    let dead = r#"{"error":"bad_refresh_token"}"#;
    endpoint.answer(REFRESH, Scripted::new(200, dead));
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
async fn refusals_of_one_grant_s_refreshes_keep_nobody_else_waiting() {
    for refusal in [
        Scripted::new(400, r#"{"error":"not_allowed"}"#),
        Scripted::new(500, ""),
        Scripted::new(503, ""),
    ] {
        let endpoint = TokenEndpoint::default();
        let app = TestApp::start_behind(&endpoint, |config, _| {
            // A lost answer leaves the refresh token usable.
            config.settings.providers[0].grace = Some(std::time::Duration::from_secs(60));
        })
        .await;
        let (alice, bob) = two(&app).await;
        endpoint.answer(REFRESH, refusal);
        for _ in 0..5 {
            let refused = alice.post("/auth/refresh", &[]).await;
            assert!(refused.status.is_server_error(), "{}", refused.text);
        }
        endpoint.recover();
        assert_unaffected(&bob, &endpoint).await;
    }
}

#[tokio::test]
async fn a_refused_resource_keeps_no_other_request_waiting() {
    let endpoint = TokenEndpoint::default();
    let app = TestApp::start_behind(&endpoint, |config, _| {
        let api = &mut config.settings.apis[0];
        api.resource = Some("https://nobody.example".into());
    })
    .await;
    let (alice, bob) = two(&app).await;
    let refused = r#"{"error":"invalid_target"}"#;
    endpoint.answer("resource=", Scripted::new(400, refused));
    for _ in 0..5 {
        let answer = alice.call("GET", "/api/demo/me", "").await;
        assert_eq!(answer.problem(), (502, "client_misconfigured".into()));
    }
    assert_unaffected(&bob, &endpoint).await;
    // Nor does it concern what else the same person asks for.
    assert_unaffected(&alice, &endpoint).await;
}

#[tokio::test]
async fn a_rate_limit_holds_for_the_grant_that_met_it() {
    for retry_after in [Some(10), None] {
        let endpoint = TokenEndpoint::default();
        let app = TestApp::start_behind(&endpoint, |_, _| ()).await;
        let (alice, bob) = two(&app).await;
        let limited = Scripted {
            retry_after,
            ..Scripted::new(429, "")
        };
        endpoint.answer(REFRESH, limited);
        let told = bob.post("/auth/refresh", &[]).await;
        assert_eq!(told.problem(), (503, "provider_unavailable".into()));
        endpoint.recover();
        let before = endpoint.requests();
        alice.post("/auth/refresh", &[]).await.good();
        assert_eq!(endpoint.requests() - before, 1);
        assert_unaffected(&alice, &endpoint).await;
        if retry_after.is_some() {
            let before = endpoint.requests();
            let told = bob.post("/auth/refresh", &[]).await;
            assert_eq!(told.problem(), (503, "provider_unavailable".into()));
            let wait: u64 = told.header("retry-after").parse().unwrap();
            assert!((1..=10).contains(&wait), "{wait}");
            assert_eq!(endpoint.requests(), before);
        }
    }
}
