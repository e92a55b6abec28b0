//! Token error responses (RFC 6749, section 5.2) in the spellings of different
//! providers, and what follows from each. Pure, and free of HTTP types.

use confidant_wire::Claims;
use serde_json::Value;

/// The token request that a response belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRequest {
    /// It presented an authorization code (RFC 6749, section 4.1.3).
    AuthorizationCode,
    /// It presented a refresh token (RFC 6749, section 6).
    RefreshToken {
        /// Whether it carried `scope` or `resource` (RFC 8707). A refusal may
        /// then concern these, and says nothing about the refresh token.
        narrowed: bool,
    },
}

/// The body of a response without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorBody<'a> {
    /// It carries this [error code](error_code).
    Code(&'a str),
    /// There is none.
    Empty,
    /// It is no token error response: a page, or something else.
    Unreadable,
}

/// What follows from a response without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenErrorClass {
    /// The provider no longer accepts the code or refresh token.
    Dead,
    /// The provider refuses the client.
    Misconfigured,
    /// The provider refuses the scope or resource of this one request.
    RequestRefused,
    /// The request was not processed, and may be sent again.
    Transient,
    /// The same, because this grant has asked too often.
    RateLimited,
    /// The request may have been processed.
    Ambiguous,
}

/// Codes that refuse the presented code or refresh token itself.
const DEAD: &[&str] = &[
    "invalid_grant",
    "interaction_required",
    // GitHub.
    "bad_refresh_token",
    "bad_verification_code",
    // Slack.
    "invalid_refresh_token",
    // Spring.
    "invalid_token",
];

/// Codes that refuse the client, whatever it asks for.
const MISCONFIGURED: &[&str] = &[
    "invalid_client",
    "unauthorized_client",
    "unsupported_grant_type",
];

/// Longest error code that is passed on.
const LONGEST_CODE: usize = 64;

/// Sorts a response without a token by what follows from it.
pub(crate) fn classify(request: TokenRequest, status: u16, body: ErrorBody<'_>) -> TokenErrorClass {
    match (status, body) {
        (503, _) => TokenErrorClass::Transient,
        (429, _) | (_, ErrorBody::Code("slow_down")) => TokenErrorClass::RateLimited,
        (_, ErrorBody::Code("temporarily_unavailable")) => TokenErrorClass::Transient,
        // Behind a gateway's error a good answer may have been lost.
        (500.., _) => TokenErrorClass::Ambiguous,
        // A token may have been issued that could not be read.
        (200..=299, ErrorBody::Empty | ErrorBody::Unreadable) => TokenErrorClass::Ambiguous,
        (_, ErrorBody::Code(code)) if DEAD.contains(&code) => TokenErrorClass::Dead,
        (_, ErrorBody::Code(code)) if MISCONFIGURED.contains(&code) => {
            TokenErrorClass::Misconfigured
        }
        (200..=299 | 400.., _) if request == (TokenRequest::RefreshToken { narrowed: true }) => {
            TokenErrorClass::RequestRefused
        }
        // All that a plain refresh carries is the refresh token, so a
        // provider that finds fault with the request means the token (X,
        // LinkedIn).
        (_, ErrorBody::Code("invalid_request")) | (400, ErrorBody::Empty)
            if request == (TokenRequest::RefreshToken { narrowed: false }) =>
        {
            TokenErrorClass::Dead
        }
        _ => TokenErrorClass::Misconfigured,
    }
}

/// Returns the error code of a response that carries one, whatever its status.
///
/// Descriptions are left out, because some providers repeat the refresh token
/// in them. A code with other characters than RFC 6749 codes have, or a long
/// one, becomes `unspecified`.
pub(crate) fn error_code(fields: &Claims) -> Option<String> {
    let code = match fields.get("error") {
        Some(Value::String(code)) if !code.is_empty() => Some(code.as_str()),
        Some(Value::Null | Value::String(_)) | None => None,
        // An object (Facebook), whose text may repeat anything.
        Some(_) => Some("unspecified"),
    };
    let code = code
        .or_else(|| listed(fields))
        .or_else(|| flagged(fields))?;
    if is_busy_with_the_same_token(fields) {
        return Some("slow_down".into());
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if code.len() > LONGEST_CODE || !code.bytes().all(is_plain) {
        return Some("unspecified".into());
    }
    Some(code.to_owned())
}

/// The first of a list of errors (Fitbit).
fn listed(fields: &Claims) -> Option<&str> {
    let first = fields.get("errors")?.as_array()?.first()?;
    Some(first["errorType"].as_str().unwrap_or("unspecified"))
}

/// An error that only a flag tells of (Slack's `ok`, Fitbit's `success`).
fn flagged(fields: &Claims) -> Option<&'static str> {
    let is_false = |name| fields.get(name) == Some(&Value::Bool(false));
    (is_false("ok") || is_false("success")).then_some("unspecified")
}

/// Salesforce refuses a refresh while it processes another one with the same
/// token, and says so in the description only.
fn is_busy_with_the_same_token(fields: &Claims) -> bool {
    fields
        .get("error_description")
        .and_then(Value::as_str)
        .is_some_and(|text| text.contains("already being processed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenErrorClass::*;

    const CODE: TokenRequest = TokenRequest::AuthorizationCode;
    const PLAIN: TokenRequest = TokenRequest::RefreshToken { narrowed: false };
    const NARROWED: TokenRequest = TokenRequest::RefreshToken { narrowed: true };

    fn read(request: TokenRequest, status: u16, body: &str) -> TokenErrorClass {
        let code = serde_json::from_str(body)
            .ok()
            .and_then(|fields| error_code(&fields));
        let body = match &code {
            Some(code) => ErrorBody::Code(code),
            None if body.is_empty() => ErrorBody::Empty,
            None => ErrorBody::Unreadable,
        };
        classify(request, status, body)
    }

    #[test]
    fn every_refusal_has_the_class_that_the_contract_gives_it() {
        for (request, status, body, class) in [
            // Dead, in each provider's spelling.
            (PLAIN, 400, r#"{"error":"invalid_grant"}"#, Dead),
            (PLAIN, 403, r#"{"error":"invalid_grant"}"#, Dead),
            (PLAIN, 400, r#"{"error":"interaction_required"}"#, Dead),
            (PLAIN, 200, r#"{"error":"bad_refresh_token"}"#, Dead),
            (PLAIN, 400, r#"{"error":"invalid_request"}"#, Dead),
            (
                PLAIN,
                200,
                r#"{"ok":false,"error":"invalid_refresh_token"}"#,
                Dead,
            ),
            (
                PLAIN,
                401,
                r#"{"errors":[{"errorType":"invalid_grant","message":"rt-1"}],"success":false}"#,
                Dead,
            ),
            (PLAIN, 401, r#"{"error":"invalid_token"}"#, Dead),
            (PLAIN, 400, "", Dead),
            (NARROWED, 400, r#"{"error":"invalid_grant"}"#, Dead),
            (NARROWED, 200, r#"{"error":"bad_refresh_token"}"#, Dead),
            (CODE, 400, r#"{"error":"invalid_grant"}"#, Dead),
            (CODE, 200, r#"{"error":"bad_verification_code"}"#, Dead),
            // The client is misconfigured.
            (PLAIN, 401, r#"{"error":"invalid_client"}"#, Misconfigured),
            (
                NARROWED,
                401,
                r#"{"error":"invalid_client"}"#,
                Misconfigured,
            ),
            (
                PLAIN,
                400,
                r#"{"error":"unauthorized_client"}"#,
                Misconfigured,
            ),
            (
                NARROWED,
                400,
                r#"{"error":"unsupported_grant_type"}"#,
                Misconfigured,
            ),
            (PLAIN, 400, r#"{"error":"invalid_scope"}"#, Misconfigured),
            (PLAIN, 400, r#"{"error":"not_allowed"}"#, Misconfigured),
            (PLAIN, 400, r#"{"error":{"code":190}}"#, Misconfigured),
            (PLAIN, 200, r#"{"ok":false}"#, Misconfigured),
            (PLAIN, 400, "<h1>Bad request", Misconfigured),
            (PLAIN, 401, "", Misconfigured),
            (PLAIN, 404, "", Misconfigured),
            (PLAIN, 302, "", Misconfigured),
            (NARROWED, 302, "", Misconfigured),
            (CODE, 400, r#"{"error":"invalid_request"}"#, Misconfigured),
            (CODE, 400, "", Misconfigured),
            // The one request is refused.
            (
                NARROWED,
                400,
                r#"{"error":"invalid_scope"}"#,
                RequestRefused,
            ),
            (
                NARROWED,
                400,
                r#"{"error":"invalid_target"}"#,
                RequestRefused,
            ),
            (
                NARROWED,
                400,
                r#"{"error":"invalid_request"}"#,
                RequestRefused,
            ),
            (NARROWED, 400, r#"{"error":"not_allowed"}"#, RequestRefused),
            (NARROWED, 400, "", RequestRefused),
            (NARROWED, 403, "<h1>Forbidden", RequestRefused),
            // Surely not processed.
            (PLAIN, 503, "", Transient),
            (PLAIN, 503, r#"{"error":"invalid_grant"}"#, Transient),
            (
                PLAIN,
                400,
                r#"{"error":"temporarily_unavailable"}"#,
                Transient,
            ),
            // Surely not processed, for this grant's sake.
            (PLAIN, 429, "", RateLimited),
            (PLAIN, 429, r#"{"error":"invalid_request"}"#, RateLimited),
            (NARROWED, 429, "", RateLimited),
            (PLAIN, 400, r#"{"error":"slow_down"}"#, RateLimited),
            (
                PLAIN,
                400,
                r#"{"error":"invalid_grant","error_description":"Token request is already being processed"}"#,
                RateLimited,
            ),
            // May have been processed.
            (PLAIN, 500, "", Ambiguous),
            (PLAIN, 502, r#"{"error":"invalid_grant"}"#, Ambiguous),
            (PLAIN, 504, "", Ambiguous),
            (NARROWED, 500, "", Ambiguous),
            (PLAIN, 200, "", Ambiguous),
            (NARROWED, 200, "<h1>Welcome", Ambiguous),
            (CODE, 200, r#"{"token":"a"}"#, Ambiguous),
        ] {
            let found = read(request, status, body);
            assert_eq!(found, class, "{request:?} {status} {body}");
        }
    }

    #[test]
    fn error_codes_hold_nothing_that_a_provider_may_repeat_or_forge() {
        let long = format!(r#"{{"error":"{}"}}"#, "a".repeat(LONGEST_CODE + 1));
        for (body, code) in [
            (
                r#"{"error":"invalid_grant","error_description":"rt-1"}"#,
                Some("invalid_grant"),
            ),
            (
                r#"{"errors":[{"errorType":"invalid_grant","message":"Refresh token invalid: rt-1"}],"success":false}"#,
                Some("invalid_grant"),
            ),
            (r#"{"errors":[{"message":"rt-1"}]}"#, Some("unspecified")),
            (r#"{"errors":["rt-1"]}"#, Some("unspecified")),
            (r#"{"error":{"message":"rt-1"}}"#, Some("unspecified")),
            (r#"{"error":"rt 1\nERROR forged"}"#, Some("unspecified")),
            (&long, Some("unspecified")),
            (r#"{"access_token":"a","error":null,"errors":[]}"#, None),
            (r#"{"access_token":"a","error":"","ok":true}"#, None),
        ] {
            let found = error_code(&serde_json::from_str(body).unwrap());
            assert_eq!(found.as_deref(), code, "{body}");
        }
    }
}
