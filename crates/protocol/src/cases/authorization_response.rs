//! Authorization responses, and what each yields.

use crate::AuthorizationError;

/// One response.
#[derive(Debug)]
pub struct AuthorizationResponseCase {
    /// The query of the redirect URI.
    pub query: &'static str,
    /// The issuer that the client knows.
    pub issuer: Option<&'static str>,
    /// Whether the provider announces `iss`.
    pub iss_required: bool,
    /// What comes of it.
    pub expected: Expectation,
}

/// What comes of a response.
#[derive(Debug)]
pub enum Expectation {
    /// This code.
    Code(&'static str),
    /// This error.
    Error(AuthorizationError),
}

/// The issuer of most cases.
pub const ISSUER: &str = "https://op.example";

const fn code(query: &'static str, iss_required: bool) -> AuthorizationResponseCase {
    AuthorizationResponseCase {
        query,
        issuer: Some(ISSUER),
        iss_required,
        expected: Expectation::Code("c"),
    }
}

const fn error(query: &'static str, error: AuthorizationError) -> AuthorizationResponseCase {
    AuthorizationResponseCase {
        query,
        issuer: Some(ISSUER),
        iss_required: true,
        expected: Expectation::Error(error),
    }
}

/// The cases. Every `state` is `s`.
pub const CASES: &[AuthorizationResponseCase] = &[
    code("code=c&state=s&iss=https%3A%2F%2Fop.example", true),
    code("?code=c&state=s&iss=https%3A%2F%2Fop.example", false),
    code("code=c&state=s", false),
    code("code=c&state=s&session_state=x&scope=a", false),
    // A provider that names itself, and a client that knows no issuer.
    AuthorizationResponseCase {
        issuer: None,
        ..code("code=c&state=s&iss=https%3A%2F%2Fgithub.example", false)
    },
    error("code=c&state=s", AuthorizationError::IssuerMismatch),
    error(
        "code=c&state=s&iss=https://op.example.evil",
        AuthorizationError::IssuerMismatch,
    ),
    error(
        "code=c&state=s&iss=https://op.example/",
        AuthorizationError::IssuerMismatch,
    ),
    error(
        "error=access_denied&state=s&iss=https://evil.example",
        AuthorizationError::IssuerMismatch,
    ),
    AuthorizationResponseCase {
        iss_required: false,
        ..error("code=c&state=s&iss=", AuthorizationError::IssuerMismatch)
    },
    error(
        "code=c&error=access_denied&state=s&iss=https://op.example",
        AuthorizationError::AccessDenied,
    ),
    error(
        "error=login_required&state=s&iss=https://op.example",
        AuthorizationError::InteractionRequired,
    ),
    error(
        "error=consent_required&state=s&iss=https://op.example",
        AuthorizationError::InteractionRequired,
    ),
    error(
        "error=temporarily_unavailable&state=s&iss=https://op.example",
        AuthorizationError::TemporarilyUnavailable,
    ),
    error(
        "error=server_error&state=s&iss=https://op.example",
        AuthorizationError::Refused,
    ),
    error("state=s&iss=https://op.example", AuthorizationError::Empty),
    error(
        "code=&state=s&iss=https://op.example",
        AuthorizationError::Empty,
    ),
];
