//! The error of a token response (RFC 6749, section 5.2), in all spellings that
//! providers use, and what each error code means.

use confidant_wire::Claims;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The code of an error that names none, or one with characters that no error
/// code has.
pub const UNSPECIFIED: &str = "unspecified";

/// The longest error code that is passed on, in bytes.
pub const MAX_CODE_LENGTH: usize = 64;

/// Which error codes mean what. Part of a
/// [`ProviderProfile`](crate::ProviderProfile).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenErrorRules {
    /// The provider no longer honours the authorization code or the refresh
    /// token.
    pub dead: Vec<String>,
    /// The provider refuses the client, whatever it asks for.
    pub misconfigured: Vec<String>,
    /// The provider is busy and has not processed the request.
    pub busy: Vec<String>,
    /// Statuses that mean the same.
    pub busy_statuses: Vec<u16>,
    /// This grant has asked too often, and the provider has not processed the
    /// request.
    pub rate_limited: Vec<String>,
    /// Statuses that mean the same.
    pub rate_limited_statuses: Vec<u16>,
    /// Parts of an `error_description`, in lower case, that mean the same.
    pub rate_limited_descriptions: Vec<String>,
    /// The provider failed and may have processed the request.
    pub ambiguous: Vec<String>,
    /// Codes that do not say which part of the request is wrong.
    pub vague: Vec<String>,
    /// Whether such a code, or an empty 400, means that the refresh token is
    /// dead if the request contained nothing else that could be wrong.
    pub vague_is_dead: bool,
}

/// What an error code means: one of the lists of [`TokenErrorRules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// See [`TokenErrorRules::dead`].
    Dead,
    /// See [`TokenErrorRules::misconfigured`].
    Misconfigured,
    /// See [`TokenErrorRules::busy`].
    Busy,
    /// See [`TokenErrorRules::rate_limited`].
    RateLimited,
    /// See [`TokenErrorRules::ambiguous`].
    Ambiguous,
}

impl TokenErrorRules {
    /// Returns the error codes of RFC 6749 and OpenID Connect, nothing else.
    pub fn standard() -> Self {
        Self {
            // Entra sends `interaction_required` from its token endpoint.
            dead: codes(&["invalid_grant", "interaction_required"]),
            misconfigured: codes(&[
                "invalid_client",
                "unauthorized_client",
                "unsupported_grant_type",
            ]),
            busy: codes(&["temporarily_unavailable"]),
            busy_statuses: vec![503],
            rate_limited: codes(&["slow_down"]),
            rate_limited_statuses: vec![429],
            // Salesforce, while it processes a request with the same token.
            rate_limited_descriptions: codes(&["already being processed"]),
            // With status 500 it is ambiguous anyway.
            ambiguous: codes(&["server_error"]),
            vague: codes(&["invalid_request"]),
            vague_is_dead: false,
        }
    }

    /// Returns the standard codes and every spelling of a dead token that is
    /// known.
    pub fn lenient() -> Self {
        Self {
            // X, LinkedIn.
            vague_is_dead: true,
            ..Self::standard().also(
                ErrorClass::Dead,
                &[
                    // GitHub.
                    "bad_refresh_token",
                    "bad_verification_code",
                    // Slack.
                    "invalid_refresh_token",
                    // Older Spring.
                    "invalid_token",
                ],
            )
        }
    }

    /// Returns these rules, in which the codes have this class and no other.
    #[must_use]
    pub fn also(mut self, class: ErrorClass, codes: &[&str]) -> Self {
        for code in codes {
            for list in [
                &mut self.dead,
                &mut self.misconfigured,
                &mut self.busy,
                &mut self.rate_limited,
                &mut self.ambiguous,
                &mut self.vague,
            ] {
                list.retain(|known| known != code);
            }
            let list = match class {
                ErrorClass::Dead => &mut self.dead,
                ErrorClass::Misconfigured => &mut self.misconfigured,
                ErrorClass::Busy => &mut self.busy,
                ErrorClass::RateLimited => &mut self.rate_limited,
                ErrorClass::Ambiguous => &mut self.ambiguous,
            };
            list.push((*code).to_owned());
        }
        self
    }
}

fn codes(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// Returns the error code of a response that reports an error, whatever its
/// status: `error` (RFC 6749), `errors[0].errorType` (Fitbit), the number
/// `error.code` (Facebook), or [`UNSPECIFIED`] for a flag alone (Slack's
/// `"ok": false`, Fitbit's `"success": false`) and for any other error object,
/// whose text may repeat a token.
pub fn error_code(fields: &Claims) -> Option<String> {
    match fields.get("error") {
        None | Some(Value::Null) => {}
        Some(Value::String(code)) if code.is_empty() => {}
        Some(Value::String(code)) => return Some(checked(code)),
        Some(object) => {
            let number = object.get("code").and_then(Value::as_u64);
            return Some(number.map_or_else(|| UNSPECIFIED.to_owned(), |code| code.to_string()));
        }
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
            (r#"{"error":{"message":"rt-1","code":190}}"#, Some("190")),
            (r#"{"error":{"code":"rt-1"}}"#, Some(UNSPECIFIED)),
            (r#"{"error":{"code":-1}}"#, Some(UNSPECIFIED)),
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

    #[test]
    fn a_code_has_one_class() {
        let rules = TokenErrorRules::standard().also(ErrorClass::Busy, &["invalid_grant", "later"]);
        assert!(!rules.dead.contains(&"invalid_grant".to_owned()));
        assert!(
            rules
                .busy
                .ends_with(&["invalid_grant".to_owned(), "later".to_owned()])
        );
    }
}
