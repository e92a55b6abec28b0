//! The public client: `confidant-spa`, at one of its addresses.

use serde_json::Value;

use super::{APP, TestApp, TestBrowser, TestResponse, Tokens, VERIFIER, web_request};

/// The client id of the public client.
pub(crate) const SPA: &str = "confidant-spa";

/// The address that the public client of the kind `browser` is answered at.
pub(crate) fn spa_callback() -> String {
    format!("{APP}/browser/callback")
}

/// An authorization request of the public client's, changed.
pub(crate) fn spa_request(changes: &[(&str, &str)]) -> String {
    let redirect_uri = spa_callback();
    let mut own = vec![("client_id", SPA), ("redirect_uri", redirect_uri.as_str())];
    own.extend(changes);
    web_request(&own)
}

/// The form that exchanges a code of the public client's.
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
    /// Signs in as alice, allows everything, and returns the code.
    pub(crate) async fn spa_code(&self, changes: &[(&str, &str)]) -> String {
        let consent = self.sign_in(&spa_request(changes), "alice").await;
        let response = self.allow(&consent).await;
        response.redirect_parameters(&spa_callback())["code"].clone()
    }
}

impl TestApp {
    /// A fresh code for the public client, alice's.
    pub(crate) async fn spa_code(&self) -> String {
        self.browser().spa_code(&[]).await
    }

    /// Exchanges a code of the public client's.
    pub(crate) async fn spa_exchange(&self, code: &str) -> Tokens {
        let form = spa_code_form(code);
        let form: Vec<_> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        expect_tokens(&self.post("/token", &form).await)
    }

    /// Fresh tokens of the public client, alice's, bound to nothing.
    pub(crate) async fn spa_tokens(&self) -> Tokens {
        let code = self.spa_code().await;
        self.spa_exchange(&code).await
    }

    /// A refresh by the public client, without a proof.
    pub(crate) async fn spa_refresh(&self, token: &str) -> TestResponse {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", SPA),
            ("refresh_token", token),
        ];
        self.post("/token", &form).await
    }

    /// Such a refresh, that has to succeed.
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

/// The tokens in an answer that has to have them.
#[track_caller]
pub(crate) fn expect_tokens(response: &TestResponse) -> Tokens {
    assert_eq!(response.status, 200, "{}", response.text);
    Tokens(response.json())
}
