//! Token responses, and the class of each.

use crate::token_outcome::TokenRequest;

const CODE: TokenRequest = TokenRequest::AuthorizationCode;
const PLAIN: TokenRequest = TokenRequest::RefreshToken { narrowed: false };
const NARROWED: TokenRequest = TokenRequest::RefreshToken { narrowed: true };

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
    case(PLAIN, 200, r#"{"access_token":"a"}"#, "success"),
    case(CODE, 200, r#"{"access_token":"a"}"#, "success"),
    // Dead.
    case(PLAIN, 400, r#"{"error":"invalid_grant"}"#, "dead"),
    // Auth0.
    case(PLAIN, 403, r#"{"error":"invalid_grant"}"#, "dead"),
    // Entra.
    case(PLAIN, 400, r#"{"error":"interaction_required"}"#, "dead"),
    // GitHub.
    case(
        PLAIN,
        200,
        r#"{"error":"bad_refresh_token","error_description":"rt-1 is incorrect or expired."}"#,
        "dead",
    ),
    TokenOutcomeCase {
        content_type: "application/x-www-form-urlencoded",
        ..case(PLAIN, 200, "error=bad_refresh_token", "dead")
    },
    case(CODE, 200, r#"{"error":"bad_verification_code"}"#, "dead"),
    // X, LinkedIn.
    case(
        PLAIN,
        400,
        r#"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#,
        "dead",
    ),
    // Slack.
    case(
        PLAIN,
        200,
        r#"{"ok":false,"error":"invalid_refresh_token"}"#,
        "dead",
    ),
    // Fitbit, which repeats the token in its message.
    case(
        PLAIN,
        401,
        r#"{"errors":[{"errorType":"invalid_grant","message":"Refresh token invalid: rt-1"}],"success":false}"#,
        "dead",
    ),
    // Older Spring.
    case(PLAIN, 401, r#"{"error":"invalid_token"}"#, "dead"),
    case(PLAIN, 400, "", "dead"),
    // Misconfigured.
    case(PLAIN, 401, r#"{"error":"invalid_client"}"#, "misconfigured"),
    case(
        PLAIN,
        400,
        r#"{"error":"unauthorized_client"}"#,
        "misconfigured",
    ),
    case(
        PLAIN,
        400,
        r#"{"error":"unsupported_grant_type"}"#,
        "misconfigured",
    ),
    case(CODE, 400, r#"{"error":"invalid_request"}"#, "misconfigured"),
    case(CODE, 400, "", "misconfigured"),
    case(PLAIN, 400, r#"{"error":{"message":"no"}}"#, "misconfigured"),
    case(PLAIN, 400, "<html>", "misconfigured"),
    case(PLAIN, 401, "", "misconfigured"),
    case(PLAIN, 404, "<html>", "misconfigured"),
    case(PLAIN, 302, "", "misconfigured"),
    case(NARROWED, 302, "", "misconfigured"),
    case(PLAIN, 400, r#"{"error":"invalid_scope"}"#, "misconfigured"),
    case(PLAIN, 400, r#"{"error":"not_allowed"}"#, "misconfigured"),
    case(
        NARROWED,
        401,
        r#"{"error":"invalid_client"}"#,
        "misconfigured",
    ),
    case(
        NARROWED,
        400,
        r#"{"error":"unsupported_grant_type"}"#,
        "misconfigured",
    ),
    case(PLAIN, 200, r#"{"ok":false}"#, "misconfigured"),
    // One request.
    case(
        NARROWED,
        400,
        r#"{"error":"invalid_scope"}"#,
        "request_refused",
    ),
    case(
        NARROWED,
        400,
        r#"{"error":"invalid_target"}"#,
        "request_refused",
    ),
    // Keycloak.
    case(
        NARROWED,
        400,
        r#"{"error":"not_allowed"}"#,
        "request_refused",
    ),
    case(
        NARROWED,
        400,
        r#"{"error":"invalid_request"}"#,
        "request_refused",
    ),
    case(NARROWED, 400, "", "request_refused"),
    case(NARROWED, 400, r#"{"error":"invalid_grant"}"#, "dead"),
    case(NARROWED, 403, "<h1>Forbidden", "request_refused"),
    case(NARROWED, 200, r#"{"error":"bad_refresh_token"}"#, "dead"),
    case(CODE, 400, r#"{"error":"invalid_grant"}"#, "dead"),
    // Transient.
    case(PLAIN, 503, "", "transient"),
    case(
        PLAIN,
        400,
        r#"{"error":"invalid_grant","error_description":"token request is already being processed"}"#,
        "rate_limited",
    ),
    case(PLAIN, 429, "", "rate_limited"),
    case(PLAIN, 429, r#"{"error":"invalid_request"}"#, "rate_limited"),
    case(NARROWED, 429, "", "rate_limited"),
    case(PLAIN, 503, r#"{"error":"invalid_grant"}"#, "transient"),
    case(
        PLAIN,
        400,
        r#"{"error":"temporarily_unavailable"}"#,
        "transient",
    ),
    case(PLAIN, 400, r#"{"error":"slow_down"}"#, "rate_limited"),
    // Salesforce.
    case(
        PLAIN,
        400,
        r#"{"error":"invalid_request","error_description":"Token request is already being processed"}"#,
        "rate_limited",
    ),
    // Ambiguous.
    case(PLAIN, 500, "", "ambiguous"),
    case(PLAIN, 502, r#"{"error":"invalid_grant"}"#, "ambiguous"),
    case(PLAIN, 504, "", "ambiguous"),
    case(PLAIN, 200, "", "ambiguous"),
    case(PLAIN, 200, "<html>", "ambiguous"),
    case(PLAIN, 200, r#"{"access_token":"a","#, "ambiguous"),
    case(PLAIN, 200, r#"{"token":"a"}"#, "ambiguous"),
    case(PLAIN, 200, "[]", "ambiguous"),
    case(NARROWED, 500, "", "ambiguous"),
    case(NARROWED, 200, "<h1>Welcome", "ambiguous"),
    case(CODE, 200, r#"{"token":"a"}"#, "ambiguous"),
];

/// The cases of a provider whose profile says that it keeps to the standard.
pub const STANDARD_CASES: &[TokenOutcomeCase] = &[
    case(PLAIN, 400, r#"{"error":"invalid_grant"}"#, "dead"),
    case(
        PLAIN,
        400,
        r#"{"error":"invalid_request"}"#,
        "misconfigured",
    ),
    case(PLAIN, 400, "", "misconfigured"),
    case(
        PLAIN,
        400,
        r#"{"error":"bad_refresh_token"}"#,
        "misconfigured",
    ),
    case(
        NARROWED,
        400,
        r#"{"error":"invalid_request"}"#,
        "request_refused",
    ),
];
