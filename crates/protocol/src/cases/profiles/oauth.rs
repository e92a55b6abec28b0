//! Providers of files, code and customers' data, with an OAuth of their own.

use super::profile_cases::{
    CodeRefusal, GENERIC, ProfileCases, Revocation, Tokens, form, html, json, tokens,
};

pub(super) const DROPBOX: ProfileCases = ProfileCases {
    profile: "dropbox",
    public: false,
    authorization: &[("scope", "b c"), ("token_access_type", "offline")],
    userinfo: r#"{"account_id":"7","name":{"display_name":"Ann"}}"#,
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","token_type":"bearer","expires_in":14400,"refresh_token":"r1","scope":"b c","uid":"1","account_id":"7"}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(14400),
            extras: &["account_id", "uid"],
            ..tokens("a1", "r1")
        },
    ),
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"bearer","expires_in":14400}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(14400),
            ..tokens("a2", "r1")
        },
    ),
    other_refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"bearer","expires_in":14400,"refresh_token":"r2"}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(14400),
            ..tokens("a2", "r2")
        },
    ),
    dead: &[json(
        400,
        r#"{"error":"invalid_grant","error_description":"refresh token is invalid or revoked"}"#,
    )],
    misconfigured: json(
        400,
        r#"{"error":"invalid_client","error_description":"Invalid client_id or client_secret"}"#,
    ),
    revocation: Revocation {
        method: "POST",
        authorization: "Bearer a1",
        body: "",
    },
    ..GENERIC
};

pub(super) const GITHUB: ProfileCases = ProfileCases {
    profile: "github",
    public: false,
    authentication: "post",
    userinfo: r#"{"login":"ann","id":7,"name":null}"#,
    code_exchange: (
        form(
            "access_token=a1&expires_in=28800&refresh_token=r1&refresh_token_expires_in=15897600&scope=&token_type=bearer",
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(28800),
            extras: &["refresh_token_expires_in"],
            ..tokens("a1", "r1")
        },
    ),
    code_refused: (
        json(
            200,
            r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"#,
        ),
        CodeRefusal::Code,
    ),
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","expires_in":28800,"refresh_token":"r2","refresh_token_expires_in":15897600,"scope":"","token_type":"bearer"}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(28800),
            extras: &["refresh_token_expires_in"],
            ..tokens("a2", "r2")
        },
    ),
    // The expiry of tokens was switched off.
    odd_refresh: (
        json(
            200,
            r#"{"access_token":"a2","scope":"b,c","token_type":"bearer"}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: None,
            ..tokens("a2", "r1")
        },
    ),
    dead: &[
        json(
            200,
            r#"{"error":"bad_refresh_token","error_description":"The refresh token passed is incorrect or expired."}"#,
        ),
        form("error=bad_refresh_token&error_description=The+refresh+token+passed+is+incorrect"),
    ],
    misconfigured: json(
        200,
        r#"{"error":"incorrect_client_credentials","error_description":"The client_id and/or client_secret passed are incorrect."}"#,
    ),
    outage: html(503, "<title>Unicorn!</title>"),
    revocation: Revocation {
        method: "DELETE",
        authorization: "Basic ",
        body: r#"{"access_token":"a1"}"#,
    },
    ..GENERIC
};

pub(super) const SALESFORCE: ProfileCases = ProfileCases {
    profile: "salesforce",
    authentication: "post",
    // Nothing says when the token expires.
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","refresh_token":"r1","signature":"s","scope":"b c","instance_url":"https://one.example","id":"https://login.example/id/1/7","token_type":"Bearer","issued_at":"1795611841000"}"#,
        ),
        Tokens {
            lifetime: None,
            extras: &["id", "instance_url", "issued_at", "signature"],
            ..tokens("a1", "r1")
        },
    ),
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","signature":"s","scope":"b c","instance_url":"https://one.example","id":"https://login.example/id/1/7","token_type":"Bearer","issued_at":"1795611841000"}"#,
        ),
        Tokens {
            lifetime: None,
            extras: &["id", "instance_url", "issued_at", "signature"],
            ..tokens("a2", "r1")
        },
    ),
    // With rotation.
    other_refresh: (
        json(
            200,
            r#"{"access_token":"a2","refresh_token":"r2","instance_url":"https://one.example","token_type":"Bearer"}"#,
        ),
        Tokens {
            lifetime: None,
            extras: &["instance_url"],
            ..tokens("a2", "r2")
        },
    ),
    dead: &[
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#,
        ),
        json(
            400,
            r#"{"error":"inactive_user","error_description":"user is inactive"}"#,
        ),
    ],
    misconfigured: json(
        400,
        r#"{"error":"invalid_client_id","error_description":"client identifier invalid"}"#,
    ),
    // While it processes a request with the same token.
    rate_limited: json(
        400,
        r#"{"error":"invalid_request","error_description":"Token request is already being processed"}"#,
    ),
    unknown_outcome: json(
        400,
        r#"{"error":"unknown_error","error_description":"retry your request"}"#,
    ),
    ..GENERIC
};

pub(super) const SLACK: ProfileCases = ProfileCases {
    profile: "slack",
    public: false,
    authorization: &[("user_scope", "b,c")],
    userinfo: r#"{"ok":true,"team":"T","user":"ann","team_id":"T1","user_id":"7"}"#,
    code_exchange: (
        json(
            200,
            r#"{"ok":true,"app_id":"A1","authed_user":{"id":"7","scope":"b,c","access_token":"a1","token_type":"user","expires_in":43200,"refresh_token":"r1"},"team":{"id":"T1"}}"#,
        ),
        Tokens {
            token_type: "user",
            lifetime: Some(43200),
            extras: &["app_id", "id", "ok", "team"],
            ..tokens("a1", "r1")
        },
    ),
    code_refused: (
        json(200, r#"{"ok":false,"error":"invalid_code"}"#),
        CodeRefusal::Code,
    ),
    refresh: (
        json(
            200,
            r#"{"ok":true,"authed_user":{"id":"7","scope":"b,c","access_token":"a2","token_type":"user","expires_in":43200,"refresh_token":"r2"}}"#,
        ),
        Tokens {
            token_type: "user",
            lifetime: Some(43200),
            extras: &["id", "ok"],
            ..tokens("a2", "r2")
        },
    ),
    // At the top of the answer.
    other_refresh: (
        json(
            200,
            r#"{"ok":true,"access_token":"a2","token_type":"user","expires_in":43200,"refresh_token":"r2","user_id":"7"}"#,
        ),
        Tokens {
            token_type: "user",
            lifetime: Some(43200),
            extras: &["ok", "user_id"],
            ..tokens("a2", "r2")
        },
    ),
    // Without rotation tokens do not expire.
    odd_refresh: (
        json(
            200,
            r#"{"ok":true,"authed_user":{"id":"7","scope":"b","access_token":"a2","token_type":"user"}}"#,
        ),
        Tokens {
            token_type: "user",
            lifetime: None,
            scopes: &["b"],
            extras: &["id", "ok"],
            ..tokens("a2", "r1")
        },
    ),
    dead: &[
        json(200, r#"{"ok":false,"error":"invalid_refresh_token"}"#),
        json(200, r#"{"ok":false,"error":"token_revoked"}"#),
    ],
    misconfigured: json(200, r#"{"ok":false,"error":"bad_client_secret"}"#),
    rate_limited: json(200, r#"{"ok":false,"error":"ratelimited"}"#),
    outage: json(200, r#"{"ok":false,"error":"service_unavailable"}"#),
    unknown_outcome: json(200, r#"{"ok":false,"error":"fatal_error"}"#),
    revocation: Revocation {
        method: "POST",
        authorization: "Bearer a1",
        body: "",
    },
    ..GENERIC
};
