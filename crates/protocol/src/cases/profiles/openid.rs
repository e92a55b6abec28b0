//! Providers of OpenID Connect.

use super::profile_cases::{CodeRefusal, GENERIC, ProfileCases, Tokens, json, tokens};

pub(super) const APPLE: ProfileCases = ProfileCases {
    profile: "apple",
    public: false,
    authentication: "post",
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"Bearer","expires_in":3600}"#,
        ),
        tokens("a2", "r1"),
    ),
    other_refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"Bearer","expires_in":3600,"refresh_token":"r2"}"#,
        ),
        tokens("a2", "r2"),
    ),
    dead: &[json(
        400,
        r#"{"error":"invalid_grant","error_description":"The token has expired or has been revoked."}"#,
    )],
    misconfigured: json(400, r#"{"error":"invalid_client"}"#),
    ..GENERIC
};

pub(super) const AUTH0: ProfileCases = ProfileCases {
    profile: "auth0",
    dead: &[json(
        403,
        r#"{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}"#,
    )],
    misconfigured: json(
        401,
        r#"{"error":"access_denied","error_description":"Unauthorized"}"#,
    ),
    code_refused: (
        json(
            403,
            r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#,
        ),
        CodeRefusal::Code,
    ),
    rate_limited: json(
        429,
        r#"{"error":"too_many_requests","error_description":"Global limit has been reached"}"#,
    ),
    ..GENERIC
};

pub(super) const AUTHELIA: ProfileCases = ProfileCases {
    profile: "authelia",
    dead: &[json(
        400,
        r#"{"error":"invalid_grant","error_description":"The provided authorization grant is invalid, expired, or revoked."}"#,
    )],
    ..GENERIC
};

pub(super) const COGNITO: ProfileCases = ProfileCases {
    profile: "cognito",
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"Bearer","expires_in":3600}"#,
        ),
        tokens("a2", "r1"),
    ),
    // With rotation.
    other_refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"Bearer","expires_in":3600,"refresh_token":"r2"}"#,
        ),
        tokens("a2", "r2"),
    ),
    dead: &[json(
        400,
        r#"{"error":"invalid_grant","error_description":"Refresh Token has been revoked"}"#,
    )],
    misconfigured: json(400, r#"{"error":"invalid_client"}"#),
    rate_limited: json(400, r#"{"error":"TooManyRequestsException"}"#),
    ..GENERIC
};

pub(super) const ENTRA: ProfileCases = ProfileCases {
    profile: "entra",
    authentication: "post",
    code_exchange: (
        json(
            200,
            r#"{"token_type":"Bearer","scope":"b c","expires_in":3600,"ext_expires_in":3600,"access_token":"a1","refresh_token":"r1"}"#,
        ),
        Tokens {
            extras: &["ext_expires_in"],
            ..tokens("a1", "r1")
        },
    ),
    // The older endpoints state lifetimes as text.
    odd_refresh: (
        json(
            200,
            r#"{"token_type":"Bearer","expires_in":"3599","ext_expires_in":"3599","expires_on":"1795611841","access_token":"a2","refresh_token":"r2"}"#,
        ),
        Tokens {
            lifetime: Some(3599),
            extras: &["expires_on", "ext_expires_in"],
            ..tokens("a2", "r2")
        },
    ),
    dead: &[
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity.","error_codes":[700082]}"#,
        ),
        json(
            400,
            r#"{"error":"interaction_required","error_description":"AADSTS50076: Due to a configuration change made by your administrator, you must use multi-factor authentication.","error_codes":[50076],"suberror":"basic_action"}"#,
        ),
        json(400, r#"{"error":"consent_required"}"#),
    ],
    misconfigured: json(
        401,
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.","error_codes":[7000215]}"#,
    ),
    outage: json(400, r#"{"error":"temporarily_unavailable"}"#),
    ..GENERIC
};

pub(super) const GITLAB: ProfileCases = ProfileCases {
    profile: "gitlab",
    authentication: "post",
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","token_type":"Bearer","expires_in":7200,"refresh_token":"r1","scope":"b c","created_at":1795611841}"#,
        ),
        Tokens {
            lifetime: Some(7200),
            extras: &["created_at"],
            ..tokens("a1", "r1")
        },
    ),
    refresh_request: &[
        ("grant_type", "refresh_token"),
        ("refresh_token", "r1"),
        ("redirect_uri", "http://localhost:3000/callback"),
    ],
    dead: &[
        json(400, r#"{"error":"invalid_grant"}"#),
        json(
            401,
            r#"{"error":"invalid_grant","error_description":"The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."}"#,
        ),
    ],
    ..GENERIC
};

pub(super) const GOOGLE: ProfileCases = ProfileCases {
    profile: "google",
    public: false,
    authorization: &[
        ("scope", "b c"),
        ("access_type", "offline"),
        ("prompt", "consent"),
    ],
    authentication: "post",
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","expires_in":3600,"scope":"b c","token_type":"Bearer"}"#,
        ),
        tokens("a2", "r1"),
    ),
    other_refresh: (
        json(
            200,
            r#"{"access_token":"a2","expires_in":3600,"token_type":"Bearer","refresh_token":"r2","refresh_token_expires_in":604799}"#,
        ),
        Tokens {
            extras: &["refresh_token_expires_in"],
            ..tokens("a2", "r2")
        },
    ),
    // The scopes come back under their full names.
    odd_refresh: (
        json(
            200,
            r#"{"access_token":"a2","expires_in":3599,"scope":"https://www.googleapis.com/auth/userinfo.email openid","token_type":"Bearer"}"#,
        ),
        Tokens {
            lifetime: Some(3599),
            scopes: &["https://www.googleapis.com/auth/userinfo.email", "openid"],
            ..tokens("a2", "r1")
        },
    ),
    dead: &[json(
        400,
        r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
    )],
    ..GENERIC
};

pub(super) const KEYCLOAK: ProfileCases = ProfileCases {
    profile: "keycloak",
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","expires_in":300,"refresh_expires_in":0,"refresh_token":"r1","token_type":"Bearer","not-before-policy":0,"session_state":"s","scope":"b c"}"#,
        ),
        Tokens {
            lifetime: Some(300),
            extras: &["not-before-policy", "refresh_expires_in", "session_state"],
            ..tokens("a1", "r1")
        },
    ),
    dead: &[
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"Token is not active"}"#,
        ),
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"Session not active"}"#,
        ),
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"Stale token"}"#,
        ),
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"Maximum allowed refresh token reuse exceeded"}"#,
        ),
    ],
    misconfigured: json(
        401,
        r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#,
    ),
    ..GENERIC
};

pub(super) const OKTA: ProfileCases = ProfileCases {
    profile: "okta",
    // Static refresh tokens.
    other_refresh: (
        json(
            200,
            r#"{"token_type":"Bearer","expires_in":3600,"access_token":"a2","scope":"b c","refresh_token":"r1"}"#,
        ),
        tokens("a2", "r1"),
    ),
    dead: &[json(
        400,
        r#"{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}"#,
    )],
    rate_limited: json(
        429,
        r#"{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit due to too many requests."}"#,
    ),
    ..GENERIC
};

pub(super) const ZITADEL: ProfileCases = ProfileCases {
    profile: "zitadel",
    dead: &[json(
        400,
        r#"{"error":"invalid_grant","error_description":"invalid_refresh_token"}"#,
    )],
    ..GENERIC
};
