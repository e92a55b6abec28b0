//! Errors with a fixed code.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal),+ $(,)?) => {
        /// A fixed code for each failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the HTTP status of the code.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }
        }
    };
}

codes! {
    /// A parameter is missing, malformed or repeated.
    BadRequest = 400,
    /// No provider with that id is configured.
    UnknownProvider = 400,
    /// No such client kind, or not offered with this provider.
    UnknownKind = 400,
    /// `return_to` does not point into this application.
    BadReturnTo = 400,
    /// `state` is missing, already used, expired, or belongs to another browser.
    BadState = 400,
    /// `iss` names another provider (RFC 9207).
    IssuerMismatch = 400,
    /// The user or the provider declined.
    AccessDenied = 400,
    /// The provider responded to the authorization request with another error.
    AuthorizationFailed = 400,
    /// The provider refused the authorization code.
    CodeRefused = 400,
    /// There is no session.
    NotSignedIn = 401,
    /// The session ended: the provider no longer accepts the grant, or the stored
    /// grant cannot be read.
    GrantDead = 401,
    /// This browser is signed in to another kind of client.
    OtherKind = 401,
    /// The session is valid, but its refresh token must not be sent again. A silent
    /// authorization request is needed.
    Reauthorize = 401,
    /// A request from another site.
    CrossSite = 403,
    /// The API accepts tokens of another provider only.
    WrongProvider = 403,
    /// No such endpoint.
    NotFound = 404,
    /// No API with that id is configured.
    UnknownApi = 404,
    /// The endpoint does not support this method.
    MethodNotAllowed = 405,
    /// The provider issued no refresh token.
    NoRefreshToken = 409,
    /// The provider has no endpoint for this.
    NotOffered = 409,
    /// The body is larger than allowed.
    BodyTooLarge = 413,
    /// The session has sent too many such requests in a short time.
    RateLimited = 429,
    /// An error in this server.
    Internal = 500,
    /// A WebSocket was requested. WebSockets are not forwarded.
    UpgradeRefused = 501,
    /// The provider's response is invalid.
    ProviderMisbehaved = 502,
    /// The provider refused this client. The operator has to change something.
    ClientMisconfigured = 502,
    /// The API could not be reached, or closed the connection before it responded.
    ApiUnavailable = 502,
    /// The provider could not be reached, or is overloaded.
    ProviderUnavailable = 503,
    /// The database does not respond.
    StoreUnavailable = 503,
    /// The server's own time limit was exceeded.
    TimedOut = 503,
    /// The API did not respond within its time limit.
    ApiTimedOut = 504,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The response body of every endpoint that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The kind of failure.
    pub code: Code,
    /// A sentence for users. Contains no secret and no text from a provider or API.
    pub message: String,
    /// Seconds to wait before another attempt: the header `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// Creates a problem with this code and sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after: None,
        }
    }

    /// Adds the seconds to wait before another attempt.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_a_code_and_a_message() {
        let problem = Problem::new(Code::BadState, "Start again.");
        let json = serde_json::to_string(&problem).unwrap();
        assert_eq!(json, r#"{"code":"bad_state","message":"Start again."}"#);
        assert_eq!(problem.to_string(), "bad_state: Start again.");
    }

    #[test]
    fn every_code_has_an_error_status() {
        for code in Code::ALL {
            assert!((400..600).contains(&code.status()), "{code}");
        }
    }
}
