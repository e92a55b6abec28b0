//! Why a sign-in fails.

use crate::{common_problems, provider::identity::BadIdToken};
use confidant_protocol::{Ambiguity, AuthorizationError, Outcome};
use confidant_wire::{Code, Problem};
use std::time::Duration;

/// Why a sign-in did not start, or did not finish. No session has changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// No provider with this id is configured.
    #[error("no provider has this id")]
    UnknownProvider,
    /// The backend is no client of this kind with this provider.
    #[error("the backend is no client of this kind with this provider")]
    UnknownKind,
    /// `return_to` is no path of the application.
    #[error("return_to is no path of the application")]
    BadReturnTo,
    /// A parameter for this sign-in is not usable.
    #[error("the parameter {0} is not usable")]
    BadParameter(&'static str),
    /// The browser sent no cookie back, over plain http.
    #[error("the browser sent no cookie of a sign-in")]
    NoCookie,
    /// `state` is missing, used up, expired, or was issued to another browser.
    #[error("no sign-in was started with this state in this browser")]
    BadState,
    /// The session that a silent re-authentication was for is over.
    #[error("the session to renew is over")]
    SessionOver,
    /// Another user signed in, in the same browser, after this sign-in started.
    #[error("another user signed in after this sign-in started")]
    OtherUser,
    /// The response names another issuer (RFC 9207).
    #[error("the authorization response comes from another issuer")]
    IssuerMismatch,
    /// The user or the provider declined.
    #[error("access was denied")]
    AccessDenied,
    /// The provider answered with another error.
    #[error("the provider refused the authorization request")]
    Refused,
    /// The response has neither a code nor an error.
    #[error("the authorization response has neither a code nor an error")]
    Empty,
    /// The provider refused the code.
    #[error("the provider refused the authorization code: {0}")]
    CodeRefused(String),
    /// The provider refused the client.
    #[error("the provider refused this client: {0}")]
    Misconfigured(String),
    /// The provider is busy.
    #[error("the provider is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The token response makes no sense.
    #[error("the token response makes no sense")]
    Nonsense,
    /// No token response came.
    #[error("the provider did not answer in time")]
    NoAnswer,
    /// The ID token is not valid.
    #[error("the ID token is not valid")]
    IdToken(#[from] BadIdToken),
}

impl From<AuthorizationError> for LoginError {
    fn from(error: AuthorizationError) -> Self {
        match error {
            AuthorizationError::IssuerMismatch => Self::IssuerMismatch,
            AuthorizationError::AccessDenied => Self::AccessDenied,
            AuthorizationError::InteractionRequired
            | AuthorizationError::TemporarilyUnavailable
            | AuthorizationError::Refused => Self::Refused,
            AuthorizationError::Empty => Self::Empty,
        }
    }
}

impl LoginError {
    /// Returns the error of a code exchange that brought no token.
    pub(crate) fn of_exchange(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Dead(error) => Self::CodeRefused(error),
            Outcome::Misconfigured(error) | Outcome::RequestRefused(error) => {
                Self::Misconfigured(error)
            }
            Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
                Self::Busy {
                    retry_after: retry_after.unwrap_or(Duration::from_secs(1)),
                }
            }
            Outcome::Ambiguous(Ambiguity::Unreadable | Ambiguity::ServerError(_)) => Self::Nonsense,
            Outcome::Success(_) | Outcome::Ambiguous(_) => Self::NoAnswer,
        }
    }

    /// Returns what a user may be told.
    pub(crate) fn problem(&self) -> Problem {
        let (code, message) = match self {
            Self::UnknownProvider => (
                Code::UnknownProvider,
                "There is no provider with this id to sign in at.",
            ),
            Self::UnknownKind => (
                Code::UnknownKind,
                "The server is no client of this kind, or not with this provider.",
            ),
            Self::BadReturnTo => (
                Code::BadReturnTo,
                "The address to return to does not lie in this application.",
            ),
            Self::BadState => (
                Code::BadState,
                "This sign-in was not begun in this browser, was finished before, or took too long. Sign in again.",
            ),
            Self::NoCookie => (
                Code::BadState,
                "This browser has no cookie of this sign-in: it was begun in another browser, or took too long. Safari keeps no secure cookie of an http address, not even of localhost: use another browser, or serve the application over https.",
            ),
            Self::BadParameter(_) => (
                Code::BadRequest,
                "A parameter of the sign-in has a value that cannot be passed on.",
            ),
            Self::SessionOver => (
                Code::BadState,
                "The session that this answer would have renewed is over, so nothing was done with the answer.",
            ),
            Self::OtherUser => (
                Code::BadState,
                "Another account was signed in in this browser after this sign-in had begun, so this one was not finished. Sign in again to change accounts.",
            ),
            Self::IssuerMismatch => (
                Code::IssuerMismatch,
                "This answer does not come from the provider that was asked. Nothing was done with it.",
            ),
            Self::AccessDenied => (
                Code::AccessDenied,
                "Access was not granted at the provider, so nobody is signed in.",
            ),
            Self::Refused => (
                Code::AuthorizationFailed,
                "The provider did not authorize the sign-in.",
            ),
            Self::Empty => (
                Code::BadRequest,
                "The provider's answer holds neither a code nor an error.",
            ),
            Self::CodeRefused(_) => (
                Code::CodeRefused,
                "The provider refused the sign-in code: it was used before, or has run out. Sign in again.",
            ),
            Self::Misconfigured(_) => return common_problems::misconfigured(),
            Self::Busy { retry_after } => return common_problems::unavailable(*retry_after),
            Self::Nonsense => (
                Code::ProviderMisbehaved,
                "The provider answered something that makes no sense, so nobody is signed in. Sign in again.",
            ),
            Self::NoAnswer => {
                return Problem::new(
                    Code::ProviderUnavailable,
                    "The provider did not answer in time, so nobody is signed in. Sign in again.",
                )
                .retry_after(1);
            }
            Self::IdToken(_) => (
                Code::ProviderMisbehaved,
                "The provider's proof of who signed in does not hold, so nobody is signed in.",
            ),
        };
        Problem::new(code, message)
    }
}
