//! Error responses of the token endpoint, as different providers spell them.

use crate::{
    app::{ScriptedResponse, TestApp, TokenEndpoint},
    mediated,
};

const REFRESH: &str = "grant_type=refresh_token";

async fn start(endpoint: &TokenEndpoint) -> TestApp {
    TestApp::start_with_token_endpoint(endpoint, |_, _| ()).await
}

#[tokio::test]
async fn every_spelling_of_a_refused_refresh_token_ends_the_session() {
    let endpoint = TokenEndpoint::default();
    let app = start(&endpoint).await;
    for (provider, status, body) in [
        ("RFC 6749", 400, r#"{"error":"invalid_grant"}"#),
        ("Auth0", 403, r#"{"error":"invalid_grant"}"#),
        (
            "GitHub",
            200,
            r#"{"error":"bad_refresh_token","error_description":"The refresh token passed is incorrect or expired."}"#,
        ),
        (
            "X, LinkedIn",
            400,
            r#"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#,
        ),
        (
            "Slack",
            200,
            r#"{"ok":false,"error":"invalid_refresh_token"}"#,
        ),
        (
            "Fitbit",
            401,
            r#"{"errors":[{"errorType":"invalid_grant","message":"Refresh token invalid: 4f5e"}],"success":false}"#,
        ),
        (
            "Spring",
            401,
            r#"{"error":"invalid_token","error_description":"Cannot convert access token to JSON"}"#,
        ),
        ("an empty 400", 400, ""),
    ] {
        let browser = app.browser();
        browser.sign_in("alice").await;
        endpoint.respond(REFRESH, ScriptedResponse::new(status, body));
        let before = endpoint.requests();
        let refused = browser.post("/auth/refresh", &[]).await;
        assert_eq!(refused.problem(), (401, "grant_dead".into()), "{provider}");
        let session = browser.get("/auth/session").await.success();
        assert_eq!(session["signed_in"], false, "{provider}");
        assert_eq!(session["ended"]["code"], "grant_dead", "{provider}");
        let again = browser.get("/auth/profile").await;
        assert_eq!(again.problem(), (401, "grant_dead".into()), "{provider}");
        assert_eq!(endpoint.requests() - before, 1, "{provider}");
        endpoint.recover();
    }
}

#[tokio::test]
async fn every_spelling_of_a_refused_code_is_reported_to_the_user() {
    let endpoint = TokenEndpoint::default();
    let app = start(&endpoint).await;
    for (status, body) in [
        (400, r#"{"error":"invalid_grant"}"#),
        (200, r#"{"error":"bad_verification_code"}"#),
    ] {
        endpoint.respond(
            "grant_type=authorization_code",
            ScriptedResponse::new(status, body),
        );
        let browser = app.browser();
        let url = browser.start().await;
        let callback = browser.decide(&url, "alice", "allow").await;
        let refused = browser.finish(&callback).await;
        assert_eq!(refused.problem(), (400, "code_refused".into()), "{body}");
        endpoint.recover();
    }
}

#[tokio::test]
async fn a_refused_client_is_a_configuration_error_and_ends_no_session() {
    let endpoint = TokenEndpoint::default();
    let app = start(&endpoint).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for (status, body) in [
        (401, r#"{"error":"invalid_client"}"#),
        (400, r#"{"error":"unauthorized_client"}"#),
    ] {
        endpoint.respond(REFRESH, ScriptedResponse::new(status, body));
        let refused = browser.post("/auth/refresh", &[]).await;
        assert_eq!(
            refused.problem(),
            (502, "client_misconfigured".into()),
            "{body}"
        );
    }
    endpoint.recover();
    browser.post("/auth/refresh", &[]).await.success();
}

#[tokio::test]
async fn a_refused_scope_ends_no_session() {
    let endpoint = TokenEndpoint::default();
    let app = start(&endpoint).await;
    let browser = mediated::sign_in(&app).await;
    for (scope, status, body) in [
        ("openid", 400, r#"{"error":"invalid_scope"}"#),
        ("profile", 400, r#"{"error":"invalid_request"}"#),
        ("email", 400, r#"{"error":"not_allowed"}"#),
        ("openid profile", 400, ""),
        ("openid email", 403, "<h1>Forbidden"),
    ] {
        endpoint.respond("scope=", ScriptedResponse::new(status, body));
        let fields = [("scope", scope)];
        let refused = browser.post("/auth/mediated/token", &fields).await;
        assert_eq!(
            refused.problem(),
            (502, "client_misconfigured".into()),
            "{body}"
        );
        // The plain refresh of the same grant carries no scope.
        browser.post("/auth/refresh", &[]).await.success();
        let session = browser.get("/auth/session").await.success();
        assert_eq!(session["signed_in"], true, "{body}");
    }
}
