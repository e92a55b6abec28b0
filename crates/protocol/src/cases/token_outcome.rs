//! Token responses, and the class of each.

use crate::token_outcome::TokenRequest::{self, AuthorizationCode, Refresh, RefreshWithParameters};

/// One response.
#[derive(Debug)]
pub struct TokenOutcomeCase {
    /// What the request presented.
    pub request: TokenRequest,
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: &'static str,
    /// The name of the class.
    pub outcome: &'static str,
}

const fn case(
    request: TokenRequest,
    status: u16,
    body: &'static str,
    outcome: &'static str,
) -> TokenOutcomeCase {
    TokenOutcomeCase {
        request,
        status,
        content_type: "application/json",
        body,
        outcome,
    }
}

/// The cases of a provider about which nothing else is known.
pub const CASES: &[TokenOutcomeCase] = &[
    case(Refresh, 200, r#"{"access_token":"a"}"#, "success"),
    case(AuthorizationCode, 200, r#"{"access_token":"a"}"#, "success"),
    // Dead.
    case(Refresh, 400, r#"{"error":"invalid_grant"}"#, "dead"),
    // Auth0.
    case(Refresh, 403, r#"{"error":"invalid_grant"}"#, "dead"),
    // Entra.
    case(Refresh, 400, r#"{"error":"interaction_required"}"#, "dead"),
    // GitHub.
    case(
        Refresh,
        200,
        r#"{"error":"bad_refresh_token","error_description":"rt-1 is incorrect or expired."}"#,
        "dead",
    ),
    TokenOutcomeCase {
        content_type: "application/x-www-form-urlencoded",
        ..case(Refresh, 200, "error=bad_refresh_token", "dead")
    },
    case(
        AuthorizationCode,
        200,
        r#"{"error":"bad_verification_code"}"#,
        "dead",
    ),
    // X, LinkedIn.
    case(
        Refresh,
        400,
        r#"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#,
        "dead",
    ),
    // Slack.
    case(
        Refresh,
        200,
        r#"{"ok":false,"error":"invalid_refresh_token"}"#,
        "dead",
    ),
    // Fitbit, which repeats the token in its message.
    case(
        Refresh,
        401,
        r#"{"errors":[{"errorType":"invalid_grant","message":"Refresh token invalid: rt-1"}],"success":false}"#,
        "dead",
    ),
    // Older Spring.
    case(Refresh, 401, r#"{"error":"invalid_token"}"#, "dead"),
    case(Refresh, 400, "", "dead"),
    // Misconfigured.
    case(
        Refresh,
        401,
        r#"{"error":"invalid_client"}"#,
        "misconfigured",
    ),
    case(
        Refresh,
        400,
        r#"{"error":"unauthorized_client"}"#,
        "misconfigured",
    ),
    case(
        Refresh,
        400,
        r#"{"error":"unsupported_grant_type"}"#,
        "misconfigured",
    ),
    case(
        AuthorizationCode,
        400,
        r#"{"error":"invalid_request"}"#,
        "misconfigured",
    ),
    case(AuthorizationCode, 400, "", "misconfigured"),
    case(
        Refresh,
        400,
        r#"{"error":{"message":"no"}}"#,
        "misconfigured",
    ),
    case(Refresh, 400, "<html>", "misconfigured"),
    case(Refresh, 401, "", "misconfigured"),
    case(Refresh, 404, "<html>", "misconfigured"),
    case(Refresh, 302, "", "misconfigured"),
    case(Refresh, 200, r#"{"ok":false}"#, "misconfigured"),
    // One request.
    case(
        RefreshWithParameters,
        400,
        r#"{"error":"invalid_scope"}"#,
        "request_refused",
    ),
    case(
        RefreshWithParameters,
        400,
        r#"{"error":"invalid_target"}"#,
        "request_refused",
    ),
    // Keycloak.
    case(
        RefreshWithParameters,
        400,
        r#"{"error":"not_allowed"}"#,
        "request_refused",
    ),
    case(
        RefreshWithParameters,
        400,
        r#"{"error":"invalid_request"}"#,
        "request_refused",
    ),
    case(RefreshWithParameters, 400, "", "request_refused"),
    case(
        RefreshWithParameters,
        400,
        r#"{"error":"invalid_grant"}"#,
        "dead",
    ),
    case(
        Refresh,
        400,
        r#"{"error":"invalid_scope"}"#,
        "request_refused",
    ),
    // Transient.
    case(Refresh, 429, "", "transient"),
    case(Refresh, 503, r#"{"error":"invalid_grant"}"#, "transient"),
    case(
        Refresh,
        400,
        r#"{"error":"temporarily_unavailable"}"#,
        "transient",
    ),
    case(Refresh, 400, r#"{"error":"slow_down"}"#, "transient"),
    // Salesforce.
    case(
        Refresh,
        400,
        r#"{"error":"invalid_request","error_description":"Token request is already being processed"}"#,
        "transient",
    ),
    // Ambiguous.
    case(Refresh, 500, "", "ambiguous"),
    case(Refresh, 502, r#"{"error":"invalid_grant"}"#, "ambiguous"),
    case(Refresh, 504, "", "ambiguous"),
    case(Refresh, 200, "", "ambiguous"),
    case(Refresh, 200, "<html>", "ambiguous"),
    case(Refresh, 200, r#"{"access_token":"a","#, "ambiguous"),
    case(Refresh, 200, r#"{"token":"a"}"#, "ambiguous"),
    case(Refresh, 200, "[]", "ambiguous"),
];

/// The cases of a provider whose profile says that it keeps to the standard.
pub const STANDARD_CASES: &[TokenOutcomeCase] = &[
    case(Refresh, 400, r#"{"error":"invalid_grant"}"#, "dead"),
    case(
        Refresh,
        400,
        r#"{"error":"invalid_request"}"#,
        "misconfigured",
    ),
    case(Refresh, 400, "", "misconfigured"),
    case(
        Refresh,
        400,
        r#"{"error":"bad_refresh_token"}"#,
        "misconfigured",
    ),
    case(
        RefreshWithParameters,
        400,
        r#"{"error":"invalid_request"}"#,
        "request_refused",
    ),
];
