//! Requests of the public client `confidant-spa`.

use serde_json::Value;

use super::{APP, TestApp, TestBrowser, TestResponse, Tokens, VERIFIER, web_request};

/// The client id of the public client.
pub(crate) const SPA: &str = "confidant-spa";

/// Returns the redirect URI of the client kind `browser`.
pub(crate) fn spa_callback() -> String {
    format!("{APP}/browser/callback")
}

/// Returns the URL of an authorization request by the public client, with
/// `changes`.
pub(crate) fn spa_request(changes: &[(&str, &str)]) -> String {
    let redirect_uri = spa_callback();
    let mut own = vec![("client_id", SPA), ("redirect_uri", redirect_uri.as_str())];
    own.extend(changes);
    web_request(&own)
}

/// Returns the form that exchanges a code of the public client.
pub(crate) fn spa_code_form(code: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", SPA.to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", spa_callback()),
        ("code_verifier", VERIFIER.to_owned()),
    ]
}

impl TestBrowser<'_> {
    /// Signs in as alice, gives consent, and returns the code.
    pub(crate) async fn spa_code(&self, changes: &[(&str, &str)]) -> String {
        let consent = self.sign_in(&spa_request(changes), "alice").await;
        let response = self.allow(&consent).await;
        response.redirect_parameters(&spa_callback())["code"].clone()
    }
}

impl TestApp {
    /// Returns a new code of the public client for alice.
    pub(crate) async fn spa_code(&self) -> String {
        self.browser().spa_code(&[]).await
    }

    /// Exchanges a code of the public client.
    pub(crate) async fn spa_exchange(&self, code: &str) -> Tokens {
        expect_tokens(&self.post("/token", &spa_code_form(code)).await)
    }

    /// Returns new bearer tokens of the public client for alice.
    pub(crate) async fn spa_tokens(&self) -> Tokens {
        let code = self.spa_code().await;
        self.spa_exchange(&code).await
    }

    /// Refreshes as the public client without a proof.
    pub(crate) async fn spa_refresh(&self, token: &str) -> TestResponse {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", SPA),
            ("refresh_token", token),
        ];
        self.post("/token", &form).await
    }

    /// Refreshes as the public client without a proof and expects success.
    pub(crate) async fn spa_refreshed(&self, token: &str) -> Tokens {
        expect_tokens(&self.spa_refresh(token).await)
    }

    /// Changes the policy of the public client through the control API.
    pub(crate) async fn set_spa_policy(&self, change: Value) {
        let path = "/demo/policy/confidant-spa";
        let response = self.control(axum::http::Method::PUT, path, change).await;
        assert_eq!(response.status, 200, "{}", response.text);
    }
}

/// Expects a successful token response and returns its tokens.
#[track_caller]
pub(crate) fn expect_tokens(response: &TestResponse) -> Tokens {
    assert_eq!(response.status, 200, "{}", response.text);
    Tokens(response.json())
}
