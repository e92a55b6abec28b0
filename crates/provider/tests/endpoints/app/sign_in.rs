//! Sign-in, code exchange and refresh of `confidant-web`.

use axum::http::StatusCode;
use serde_json::Value;

use super::{APP, TestApp, TestBrowser};

// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Returns the URL of an authorization request by `confidant-web`. `changes`
/// replaces and adds parameters, and removes those with an empty value.
pub(crate) fn web_request(changes: &[(&str, &str)]) -> String {
    let redirect_uri = format!("{APP}/callback");
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", "confidant-web"),
        ("redirect_uri", &redirect_uri),
        ("scope", "openid profile email offline_access"),
        ("state", "a state"),
        ("nonce", "a nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("prompt", "consent"),
    ];
    for (name, value) in changes {
        parameters.retain(|(own, _)| own != name);
        parameters.push((name, value));
    }
    parameters.retain(|(_, value)| !value.is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    format!("/authorize?{query}")
}

/// The body of a successful token response.
#[derive(Clone, Debug)]
pub(crate) struct Tokens(pub(crate) Value);

impl Tokens {
    #[track_caller]
    pub(crate) fn access(&self) -> &str {
        self.0["access_token"].as_str().expect("an access token")
    }

    #[track_caller]
    pub(crate) fn refresh(&self) -> &str {
        self.0["refresh_token"].as_str().expect("a refresh token")
    }
}

impl TestBrowser<'_> {
    /// Signs in as alice, gives consent, and returns the code.
    pub(crate) async fn code(&self, changes: &[(&str, &str)]) -> String {
        let consent = self.sign_in(&web_request(changes), "alice").await;
        let response = self.allow(&consent).await;
        response.redirect_parameters(&format!("{APP}/callback"))["code"].clone()
    }
}

impl TestApp {
    /// Returns a new code of `confidant-web` for alice.
    pub(crate) async fn code(&self, changes: &[(&str, &str)]) -> String {
        self.browser().code(changes).await
    }

    /// Exchanges a code as `client`.
    pub(crate) async fn exchange(&self, client: &str, code: &str) -> Tokens {
        let form = code_form(code);
        let response = self.post_as(client, "/token", &form).await;
        assert_eq!(response.status, StatusCode::OK, "{}", response.text);
        Tokens(response.json())
    }

    /// Returns new tokens of `confidant-web` for alice.
    pub(crate) async fn tokens(&self) -> Tokens {
        let code = self.code(&[]).await;
        self.exchange("confidant-web", &code).await
    }

    /// Refreshes as `confidant-web`.
    pub(crate) async fn refresh(&self, token: &str) -> super::TestResponse {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post_as_web("/token", &form).await
    }

    /// Refreshes as `confidant-web` and expects success.
    pub(crate) async fn refreshed(&self, token: &str) -> Tokens {
        let response = self.refresh(token).await;
        assert_eq!(response.status, StatusCode::OK, "{}", response.text);
        Tokens(response.json())
    }

    /// Returns whether the API accepts an access token.
    pub(crate) async fn accepts(&self, access_token: &str) -> bool {
        self.get_with_token("/api/echo", access_token).await.status == StatusCode::OK
    }
}

fn code_form(code: &str) -> [(&'static str, String); 4] {
    [
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", format!("{APP}/callback")),
        ("code_verifier", VERIFIER.to_owned()),
    ]
}
