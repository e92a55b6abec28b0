//! The authorization response (RFC 6749, section 4.1.2) and its issuer
//! (RFC 9207).

use crate::log_text::log_text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The parameters of the redirect from the provider. Nothing in it is trusted
/// before [`validate`](Self::validate).
///
/// Deserializes from a query or form; unknown parameters are ignored
/// (RFC 6749, section 4.1.2).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthorizationResponse {
    /// The authorization code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The `state` of the authorization request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The issuer identifier (RFC 9207).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The provider's error code (section 4.1.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The provider's explanation of the error, for the operator's log only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    /// The provider to whose own redirect URI the response came (RFC 9700,
    /// section 4.4). The application's server sets it from the path; the
    /// provider cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
}

/// An authorization code. Its `Debug` output does not contain the code.
#[derive(Clone)]
pub struct AuthorizationCode(String);

/// A parameter that occurs more than once, which RFC 6749, section 3.1 forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatedParameter(&'static str);

/// The issuer that the authorization request went to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedIssuer<'a> {
    /// Its issuer identifier, if the client knows one.
    pub issuer: Option<&'a str>,
    /// Whether the provider announces `iss` in every response
    /// (`authorization_response_iss_parameter_supported`).
    pub iss_required: bool,
}

/// Why an authorization response yields no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationError {
    /// `iss` is missing or names another issuer.
    IssuerMismatch,
    /// The user or the provider declined.
    AccessDenied,
    /// A request with `prompt=none` needs the user
    /// (OpenID Connect Core 1.0, section 3.1.2.6).
    InteractionRequired,
    /// The provider cannot authorize at the moment.
    TemporarilyUnavailable,
    /// The provider answered with another error.
    Refused,
    /// There is neither a code nor an error.
    Empty,
}

impl AuthorizationResponse {
    /// Reads the query of the redirect URI, with or without its `?`.
    ///
    /// # Errors
    /// If a parameter occurs more than once.
    pub fn from_query(query: &str) -> Result<Self, RepeatedParameter> {
        let mut response = Self::default();
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let (field, name) = match name.as_ref() {
                "code" => (&mut response.code, "code"),
                "state" => (&mut response.state, "state"),
                "iss" => (&mut response.iss, "iss"),
                "error" => (&mut response.error, "error"),
                "error_description" => (&mut response.error_description, "error_description"),
                _ => continue,
            };
            if field.replace(value.into_owned()).is_some() {
                return Err(RepeatedParameter(name));
            }
        }
        Ok(response)
    }

    /// Returns the code of a response from the expected issuer. The caller has
    /// found the authorization request by `state` before.
    ///
    /// The issuer is checked before everything else: a code from another
    /// provider would go to the wrong token endpoint (RFC 9207, section 2.4).
    /// A client that knows no issuer has nothing to compare and ignores `iss`.
    ///
    /// # Errors
    /// If the issuer is not the expected one, or the response is an error.
    pub fn validate(
        self,
        expected: ExpectedIssuer<'_>,
    ) -> Result<AuthorizationCode, AuthorizationError> {
        let from_expected = match (self.iss.as_deref(), expected.issuer) {
            (Some(iss), Some(issuer)) => iss == issuer,
            (Some(_), None) => true,
            (None, _) => !expected.iss_required,
        };
        if !from_expected {
            return Err(AuthorizationError::IssuerMismatch);
        }
        match (self.error.as_deref(), self.code) {
            (Some(error), _) => Err(AuthorizationError::from_code(error)),
            (None, Some(code)) if !code.is_empty() => Ok(AuthorizationCode(code)),
            (None, _) => Err(AuthorizationError::Empty),
        }
    }

    /// Returns the provider's error and its description for the log, with
    /// control and formatting characters escaped and the length bounded.
    pub fn logged_error(&self) -> Option<String> {
        let error = self.error.as_deref()?;
        let description = self.error_description.as_deref().unwrap_or_default();
        let separator = if description.is_empty() { "" } else { ": " };
        Some(log_text(&[error, separator, description].concat()))
    }
}

impl AuthorizationCode {
    /// Returns the code itself, for the token request.
    pub fn into_secret(self) -> String {
        self.0
    }
}

impl AuthorizationError {
    /// Classifies an error code (RFC 6749, section 4.1.2.1; OpenID Connect
    /// Core 1.0, section 3.1.2.6).
    pub fn from_code(error: &str) -> Self {
        match error {
            "access_denied" => Self::AccessDenied,
            "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => Self::InteractionRequired,
            "temporarily_unavailable" => Self::TemporarilyUnavailable,
            _ => Self::Refused,
        }
    }

    /// Whether a request with `prompt=none` failed because only the user can
    /// help: the provider has to ask, or the answer was no. Any other error says
    /// nothing about the session, and a later attempt may succeed.
    pub fn needs_user(self) -> bool {
        matches!(self, Self::AccessDenied | Self::InteractionRequired)
    }
}

impl fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationResponse")
            .field("iss", &self.iss)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode(…)")
    }
}

impl fmt::Display for RepeatedParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the parameter {} occurs more than once", self.0)
    }
}

impl std::error::Error for RepeatedParameter {}

impl fmt::Display for AuthorizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IssuerMismatch => "the response comes from another issuer",
            Self::AccessDenied => "access was denied",
            Self::InteractionRequired => "the provider needs the user",
            Self::TemporarilyUnavailable => "the provider is temporarily unavailable",
            Self::Refused => "the provider refused the authorization request",
            Self::Empty => "the response contains neither a code nor an error",
        })
    }
}

impl std::error::Error for AuthorizationError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::authorization_response::{CASES, Expectation};

    #[test]
    fn every_response_yields_its_code_or_its_error() {
        for case in CASES {
            let response = AuthorizationResponse::from_query(case.query).unwrap();
            let expected = ExpectedIssuer {
                issuer: case.issuer,
                iss_required: case.iss_required,
            };
            let result = response
                .validate(expected)
                .map(AuthorizationCode::into_secret);
            match case.expected {
                Expectation::Code(code) => assert_eq!(result, Ok(code.into()), "{}", case.query),
                Expectation::Error(error) => assert_eq!(result, Err(error), "{}", case.query),
            }
        }
    }

    #[test]
    fn a_parameter_is_decoded_once_and_may_occur_once() {
        let response =
            AuthorizationResponse::from_query("?code=a%252Fb&iss=http%3A%2F%2Fkc%2Fr%2Ft%25202")
                .unwrap();
        assert_eq!(response.code.as_deref(), Some("a%2Fb"));
        assert_eq!(response.iss.as_deref(), Some("http://kc/r/t%202"));
        let repeated = AuthorizationResponse::from_query("code=a&state=s&code=b");
        assert_eq!(repeated, Err(RepeatedParameter("code")));
    }

    #[test]
    fn only_an_error_that_needs_the_user_ends_a_silent_request() {
        for (error, needs_user) in [
            ("login_required", true),
            ("interaction_required", true),
            ("consent_required", true),
            ("account_selection_required", true),
            ("access_denied", true),
            ("server_error", false),
            ("temporarily_unavailable", false),
        ] {
            let found = AuthorizationError::from_code(error).needs_user();
            assert_eq!(found, needs_user, "{error}");
        }
    }

    #[test]
    fn a_logged_error_stays_on_one_line_and_is_bounded() {
        let long = "x".repeat(10_000);
        for description in ["a\r\nb", "a\0b", "\u{202e}gpj", "<script>", &long] {
            let response = AuthorizationResponse {
                error: Some("invalid_scope".into()),
                error_description: Some(description.into()),
                ..AuthorizationResponse::default()
            };
            let logged = response.logged_error().unwrap();
            assert!(logged.starts_with("invalid_scope: "), "{logged}");
            assert!(logged.chars().all(|c| c == ' ' || c.is_ascii_graphic()));
            assert!(logged.len() < 250, "{}", logged.len());
        }
        assert_eq!(AuthorizationResponse::default().logged_error(), None);
    }

    #[test]
    fn debug_output_contains_no_code_and_no_state() {
        let response = AuthorizationResponse::from_query("code=c-secret&state=s-secret").unwrap();
        let code = response.clone().validate(ExpectedIssuer {
            issuer: None,
            iss_required: false,
        });
        assert!(!format!("{response:?} {code:?}").contains("-secret"));
    }
}
