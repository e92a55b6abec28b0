//! Social networks, with an OAuth of their own.

use super::profile_cases::{CodeRefusal, GENERIC, ProfileCases, Revocation, Tokens, json, tokens};

pub(super) const FACEBOOK: ProfileCases = ProfileCases {
    profile: "facebook",
    public: false,
    authorization: &[("scope", "b,c")],
    authentication: "post",
    userinfo: r#"{"id":"7","name":"Ann"}"#,
    // The access token is what the next refresh presents.
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","token_type":"bearer","expires_in":5183944}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(5_183_944),
            ..tokens("a1", "a1")
        },
    ),
    code_refused: (
        json(
            400,
            r#"{"error":{"message":"This authorization code has been used.","type":"OAuthException","code":100,"error_subcode":36009}}"#,
        ),
        CodeRefusal::Client,
    ),
    refresh_request: &[
        ("grant_type", "fb_exchange_token"),
        ("fb_exchange_token", "a1"),
    ],
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"bearer","expires_in":5183944}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(5_183_944),
            ..tokens("a2", "a2")
        },
    ),
    other_refresh: (
        json(
            200,
            r#"{"access_token":"a1","token_type":"bearer","expires_in":5183944}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(5_183_944),
            ..tokens("a1", "a1")
        },
    ),
    // A token that does not expire.
    odd_refresh: (
        json(200, r#"{"access_token":"a2","token_type":"bearer"}"#),
        Tokens {
            token_type: "bearer",
            lifetime: None,
            ..tokens("a2", "a2")
        },
    ),
    dead: &[json(
        400,
        r#"{"error":{"message":"Error validating access token: Session has expired.","type":"OAuthException","code":190,"error_subcode":463}}"#,
    )],
    misconfigured: json(
        400,
        r#"{"error":{"message":"Error validating application.","type":"OAuthException","code":101}}"#,
    ),
    rate_limited: json(
        400,
        r#"{"error":{"message":"Application request limit reached","type":"OAuthException","code":4}}"#,
    ),
    outage: json(
        500,
        r#"{"error":{"message":"Service temporarily unavailable","type":"OAuthException","code":2}}"#,
    ),
    revocation: Revocation {
        method: "DELETE",
        authorization: "Bearer a1",
        body: "",
    },
    ..GENERIC
};

pub(super) const FITBIT: ProfileCases = ProfileCases {
    profile: "fitbit",
    public: false,
    userinfo: r#"{"user":{"encodedId":"7","displayName":"Ann"}}"#,
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","expires_in":28800,"refresh_token":"r1","scope":"b c","token_type":"Bearer","user_id":"7"}"#,
        ),
        Tokens {
            lifetime: Some(28800),
            extras: &["user_id"],
            ..tokens("a1", "r1")
        },
    ),
    code_refused: (
        json(
            400,
            r#"{"errors":[{"errorType":"invalid_grant","message":"Authorization code invalid: c"}],"success":false}"#,
        ),
        CodeRefusal::Code,
    ),
    // The message repeats the token.
    dead: &[
        json(
            400,
            r#"{"errors":[{"errorType":"invalid_grant","message":"Refresh token invalid: r1."}],"success":false}"#,
        ),
        json(
            401,
            r#"{"errors":[{"errorType":"expired_token","message":"Token expired: r1."}],"success":false}"#,
        ),
    ],
    misconfigured: json(
        401,
        r#"{"errors":[{"errorType":"invalid_client","message":"Invalid authorization header format."}],"success":false}"#,
    ),
    rate_limited: json(
        429,
        r#"{"errors":[{"errorType":"system","message":"Too many requests"}],"success":false}"#,
    ),
    ..GENERIC
};

pub(super) const LINKEDIN: ProfileCases = ProfileCases {
    profile: "linkedin",
    public: false,
    pkce: false,
    authentication: "post",
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","expires_in":5184000,"refresh_token":"r1","refresh_token_expires_in":31536059,"scope":"b,c"}"#,
        ),
        Tokens {
            lifetime: Some(5_184_000),
            extras: &["refresh_token_expires_in"],
            ..tokens("a1", "r1")
        },
    ),
    code_refused: (
        json(
            400,
            r#"{"error":"invalid_request","error_description":"Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code."}"#,
        ),
        CodeRefusal::Client,
    ),
    // The same token, whose lifetime goes on from the sign-in.
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","expires_in":5184000,"refresh_token":"r1","refresh_token_expires_in":30000000}"#,
        ),
        Tokens {
            lifetime: Some(5_184_000),
            extras: &["refresh_token_expires_in"],
            ..tokens("a2", "r1")
        },
    ),
    dead: &[
        json(
            400,
            r#"{"error":"invalid_request","error_description":"The provided refresh token is invalid or expired"}"#,
        ),
        json(400, r#"{"error":"invalid_grant"}"#),
    ],
    ..GENERIC
};

pub(super) const X: ProfileCases = ProfileCases {
    profile: "x",
    public: false,
    userinfo: r#"{"data":{"id":"7","name":"Ann","username":"ann"}}"#,
    code_exchange: (
        json(
            200,
            r#"{"token_type":"bearer","expires_in":7200,"access_token":"a1","scope":"b c","refresh_token":"r1"}"#,
        ),
        Tokens {
            token_type: "bearer",
            lifetime: Some(7200),
            ..tokens("a1", "r1")
        },
    ),
    code_refused: (
        json(
            400,
            r#"{"error":"invalid_request","error_description":"Value passed for the authorization code was invalid."}"#,
        ),
        CodeRefusal::Client,
    ),
    dead: &[json(
        400,
        r#"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#,
    )],
    misconfigured: json(
        401,
        r#"{"error":"unauthorized_client","error_description":"Missing valid authorization header"}"#,
    ),
    ..GENERIC
};
