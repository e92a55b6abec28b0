//! The error of a token response (RFC 6749, section 5.2), in all spellings that
//! providers use, and what each error code means.

use confidant_wire::Claims;
use serde::Serialize;
use serde_json::Value;

/// The code of an error that names none, or one with characters that no error
/// code has.
pub const UNSPECIFIED: &str = "unspecified";

/// The longest error code that is passed on, in bytes.
pub const MAX_CODE_LENGTH: usize = 64;

/// Which error codes mean what. Part of a
/// [`ProviderProfile`](crate::ProviderProfile).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TokenErrorRules {
    /// The provider no longer honours the authorization code or the refresh
    /// token.
    pub dead: &'static [&'static str],
    /// The provider refuses the client, whatever it asks for.
    pub misconfigured: &'static [&'static str],
    /// The provider is busy and has not processed the request.
    pub busy: &'static [&'static str],
    /// Statuses that mean the same.
    pub busy_statuses: &'static [u16],
    /// This grant has asked too often, and the provider has not processed the
    /// request.
    pub rate_limited: &'static [&'static str],
    /// Statuses that mean the same.
    pub rate_limited_statuses: &'static [u16],
    /// Parts of an `error_description`, in lower case, that mean the same.
    pub rate_limited_descriptions: &'static [&'static str],
    /// Codes that do not say which part of the request is wrong.
    pub vague: &'static [&'static str],
    /// Whether such a code, or an empty 400, means that the refresh token is
    /// dead if the request contained nothing else that could be wrong.
    pub vague_is_dead: bool,
}

impl TokenErrorRules {
    /// The error codes of RFC 6749 and OpenID Connect, nothing else.
    pub const STANDARD: Self = Self {
        // Entra sends `interaction_required` from its token endpoint.
        dead: &["invalid_grant", "interaction_required"],
        misconfigured: &[
            "invalid_client",
            "unauthorized_client",
            "unsupported_grant_type",
        ],
        busy: &["temporarily_unavailable"],
        busy_statuses: &[503],
        rate_limited: &["slow_down"],
        rate_limited_statuses: &[429],
        // Salesforce, while it processes a request with the same token.
        rate_limited_descriptions: &["already being processed"],
        vague: &["invalid_request"],
        vague_is_dead: false,
    };

    /// The standard codes and every spelling of a dead token that is known.
    pub const LENIENT: Self = Self {
        dead: &[
            "invalid_grant",
            "interaction_required",
            // GitHub.
            "bad_refresh_token",
            "bad_verification_code",
            // Slack.
            "invalid_refresh_token",
            // Older Spring.
            "invalid_token",
        ],
        // X, LinkedIn.
        vague_is_dead: true,
        ..Self::STANDARD
    };
}

/// Returns the error code of a response that reports an error, whatever its
/// status: `error` (RFC 6749), `errors[0].errorType` (Fitbit), or
/// [`UNSPECIFIED`] for a flag alone (Slack's `"ok": false`, Fitbit's
/// `"success": false`) and for an error object (Facebook), whose text may repeat
/// a token.
pub fn error_code(fields: &Claims) -> Option<String> {
    match fields.get("error") {
        None | Some(Value::Null) => {}
        Some(Value::String(code)) if code.is_empty() => {}
        Some(Value::String(code)) => return Some(checked(code)),
        Some(_) => return Some(UNSPECIFIED.to_owned()),
    }
    if let Some(first) = fields.get("errors").and_then(|errors| errors.get(0)) {
        let code = first.get("errorType").and_then(Value::as_str);
        return Some(code.map_or_else(|| UNSPECIFIED.to_owned(), checked));
    }
    let is_false = |name| fields.get(name) == Some(&Value::Bool(false));
    (is_false("ok") || is_false("success")).then(|| UNSPECIFIED.to_owned())
}

/// Returns the code if it consists of characters that error codes have: it
/// goes into logs and messages.
fn checked(code: &str) -> String {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
    let is_code = code.len() <= MAX_CODE_LENGTH && code.bytes().all(allowed);
    if is_code { code } else { UNSPECIFIED }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Option<String> {
        error_code(&serde_json::from_str(body).unwrap())
    }

    #[test]
    fn an_error_is_found_in_every_spelling() {
        for (body, expected) in [
            (r#"{"error":"invalid_grant"}"#, Some("invalid_grant")),
            (
                r#"{"ok":false,"error":"invalid_code"}"#,
                Some("invalid_code"),
            ),
            (r#"{"ok":false}"#, Some(UNSPECIFIED)),
            (r#"{"success":false}"#, Some(UNSPECIFIED)),
            (r#"{"ok":true}"#, None),
            (
                r#"{"errors":[{"errorType":"invalid_grant"}],"success":false}"#,
                Some("invalid_grant"),
            ),
            (r#"{"errors":[{"message":"rt-1"}]}"#, Some(UNSPECIFIED)),
            (r#"{"errors":["rt-1"]}"#, Some(UNSPECIFIED)),
            (r#"{"errors":[]}"#, None),
            (r#"{"error":{"message":"rt-1"}}"#, Some(UNSPECIFIED)),
            (r#"{"error":"<img src=x>"}"#, Some(UNSPECIFIED)),
            (r#"{"error":""}"#, None),
            (r#"{"error":null}"#, None),
            (r#"{"access_token":"a"}"#, None),
        ] {
            assert_eq!(code(body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_long_code_is_not_passed_on() {
        let long = format!(r#"{{"error":"{}"}}"#, "a".repeat(MAX_CODE_LENGTH + 1));
        assert_eq!(code(&long).as_deref(), Some(UNSPECIFIED));
    }
}
