//! Successful token responses, and what is read from each.

/// One response. Its access token is `a`.
#[derive(Debug)]
pub struct TokenResponseCase {
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: &'static str,
    /// The token's type.
    pub token_type: &'static str,
    /// The lifetime in seconds.
    pub expires_in: Option<u64>,
    /// The scopes; empty if the response names none.
    pub scopes: &'static [&'static str],
    /// The refresh token.
    pub refresh_token: Option<&'static str>,
    /// The names of the other members.
    pub extras: &'static [&'static str],
}

const fn json(body: &'static str) -> TokenResponseCase {
    TokenResponseCase {
        content_type: "application/json",
        body,
        token_type: "Bearer",
        expires_in: None,
        scopes: &[],
        refresh_token: None,
        extras: &[],
    }
}

/// The cases.
pub const CASES: &[TokenResponseCase] = &[
    json(r#"{"access_token":"a"}"#),
    TokenResponseCase {
        expires_in: Some(3600),
        scopes: &["b", "c"],
        refresh_token: Some("r"),
        extras: &["x"],
        ..json(
            r#"{"access_token":"a","token_type":"Bearer","expires_in":3600,"scope":"b c",
                "refresh_token":"r","x":1}"#,
        )
    },
    // PayPal.
    TokenResponseCase {
        expires_in: Some(60),
        ..json(r#"{"access_token":"a","expires_in":" 60 "}"#)
    },
    TokenResponseCase {
        expires_in: Some(59),
        ..json(r#"{"access_token":"a","expires_in":59.9}"#)
    },
    TokenResponseCase {
        expires_in: Some(3600),
        ..json(r#"{"access_token":"a","expires_in":"3600.0"}"#)
    },
    // Mailchimp.
    json(r#"{"access_token":"a","expires_in":0,"scope":null}"#),
    json(r#"{"access_token":"a","expires_in":-5}"#),
    json(r#"{"access_token":"a","expires_in":"never"}"#),
    json(r#"{"access_token":"a","expires_in":null,"scope":"","refresh_token":""}"#),
    // Slack.
    TokenResponseCase {
        scopes: &["b", "c", "d"],
        extras: &["ok"],
        ..json(r#"{"ok":true,"access_token":"a","scope":"b,c d"}"#)
    },
    TokenResponseCase {
        scopes: &["b", "c"],
        ..json(r#"{"access_token":"a","scope":["b","c"]}"#)
    },
    // eBay.
    TokenResponseCase {
        token_type: "User Access Token",
        ..json(r#"{"access_token":"a","token_type":"User Access Token"}"#)
    },
    json(r#"{"access_token":"a","token_type":null}"#),
    // GitHub, unless it is asked for JSON.
    TokenResponseCase {
        content_type: "application/x-www-form-urlencoded; charset=utf-8",
        token_type: "bearer",
        expires_in: Some(60),
        refresh_token: Some("r+1"),
        ..json("access_token=a&expires_in=60&scope=&token_type=bearer&refresh_token=r%2B1")
    },
];

/// Bodies that contain no token.
pub const UNREADABLE: &[&str] = &[
    "",
    "<html>",
    "[]",
    "null",
    r#"{"access_token":""}"#,
    r#"{"access_token":7}"#,
    r#"{"access_token":"a","#,
    r#"{"token":"a"}"#,
];
