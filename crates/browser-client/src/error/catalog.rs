//! The errors that several parts of the crate, or the service worker, report:
//! each has one home for its kind and its message.

use super::{Error, ErrorKind};
use crate::http::{Response, TransportError};
use confidant_protocol::{Ambiguity, Outcome, refresh_policy::Refusal};
use std::time::Duration;

/// No user is signed in.
pub(crate) fn not_signed_in() -> Error {
    Error::new(ErrorKind::NotSignedIn, "You are not signed in.")
}

/// A silent sign-in brought the tokens of another user.
pub(crate) fn other_user() -> Error {
    let message = "Another user is signed in at the provider by now. Sign in again.";
    Error::new(ErrorKind::LoginRequired, message)
}

/// A refresh brought an ID token that names another user.
pub(crate) fn refreshed_for_other_user() -> Error {
    let message = "The provider answered with tokens of another user. Sign in again.";
    Error::new(ErrorKind::GrantDead, message)
}

/// The provider has no endpoint for the operation.
pub(crate) fn not_offered() -> Error {
    Error::new(
        ErrorKind::NotOffered,
        "The provider has no endpoint for this.",
    )
}

/// The provider no longer honours the refresh token (`GrantDead`) or the
/// authorization code (`CodeRefused`).
pub(crate) fn dead(kind: ErrorKind, code: &str) -> Error {
    let message = format!("The provider no longer honours this sign-in ({code}). Sign in again.");
    Error::new(kind, message)
}

/// The provider refuses the client.
pub(crate) fn misconfigured(code: &str) -> Error {
    let message = format!("The provider refuses this client ({code}).");
    Error::new(ErrorKind::ClientMisconfigured, message)
}

/// The provider is busy.
pub(crate) fn busy(retry_after: Option<Duration>) -> Error {
    Error {
        retry_after: Some(retry_after.map_or(1, |wait| wait.as_secs())),
        ..Error::new(
            ErrorKind::ProviderUnavailable,
            "The provider is busy. Try again.",
        )
    }
}

/// The response is not the expected one.
pub(crate) fn unexpected_response(response: &Response) -> Error {
    match response.status {
        429 | 503 => busy(response.retry_after.map(Duration::from_secs)),
        status => unexpected_status(status),
    }
}

/// The provider answered with a status that nothing else explains.
pub(crate) fn unexpected_status(status: impl std::fmt::Display) -> Error {
    let message = format!("The provider answered with status {status}.");
    Error::new(ErrorKind::ProviderMisbehaved, message)
}

/// The provider's metadata are wrong in this way.
pub(crate) fn bad_metadata(what: &str) -> Error {
    let message = format!("The provider's metadata {what}.");
    Error::new(ErrorKind::ProviderMisbehaved, message)
}

/// What the provider says about this cannot be read.
pub(crate) fn unreadable(about: &str) -> Error {
    let message = format!("What the provider says of {about} cannot be read.");
    Error::new(ErrorKind::ProviderMisbehaved, message)
}

/// The ID token is wrong in this way.
pub(crate) fn bad_id_token(what: &str) -> Error {
    Error::new(ErrorKind::BadIdToken, format!("The ID token {what}."))
}

/// The service worker does not work, in these words.
pub(crate) fn worker_unavailable(message: &str) -> Error {
    Error::new(ErrorKind::WorkerUnavailable, message)
}

/// A refresh is impossible.
pub(crate) fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::NoRefreshToken => Error::new(
            ErrorKind::NoRefreshToken,
            "The token has run out, and the provider gave none to refresh it with.",
        ),
        Refusal::Reauthorize => Error::new(
            ErrorKind::Reauthorize,
            "The answer to the last refresh was lost. Its refresh token may be spent and \
             is not sent again: this sign-in has to be renewed at the provider.",
        ),
    }
}

/// The outcome of a request is unknown, and nothing else follows from it.
pub(crate) fn ambiguous(ambiguity: Ambiguity) -> Error {
    let (kind, message) = match ambiguity {
        Ambiguity::NoResponse => (
            ErrorKind::Unreachable,
            "The provider is unreachable, or its CORS headers are missing: \
             the browser does not say which.",
        ),
        Ambiguity::TimedOut => (ErrorKind::TimedOut, "The provider did not answer in time."),
        Ambiguity::CutShort => (
            ErrorKind::ProviderMisbehaved,
            "The provider's answer broke off.",
        ),
        Ambiguity::Unreadable => (
            ErrorKind::ProviderMisbehaved,
            "The provider's answer is not a token response.",
        ),
        Ambiguity::ServerError(_) | Ambiguity::Abandoned => (
            ErrorKind::ProviderMisbehaved,
            "The provider, or a gateway before it, failed.",
        ),
    };
    Error::new(kind, message)
}

/// A token request yielded no token. `dead_kind` is the kind of error if the
/// provider refuses the code or refresh token itself.
pub(crate) fn token_request(outcome: &Outcome, dead_kind: ErrorKind) -> Error {
    match outcome {
        Outcome::Dead(code) => dead(dead_kind, code),
        Outcome::Misconfigured(code) | Outcome::RequestRefused(code) => misconfigured(code),
        Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
            busy(*retry_after)
        }
        Outcome::Ambiguous(ambiguity) => ambiguous(*ambiguity),
        Outcome::Success(_) => Error::new(ErrorKind::ProviderMisbehaved, "No token came."),
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        ambiguous(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transport_error_is_never_death_and_never_surely_unprocessed() {
        for (error, ambiguity) in [
            (TransportError::Failed, Ambiguity::NoResponse),
            (TransportError::TimedOut, Ambiguity::TimedOut),
            (TransportError::CutShort(200), Ambiguity::CutShort),
        ] {
            assert_eq!(Ambiguity::from(error), ambiguity);
        }
    }

    #[test]
    fn a_busy_provider_says_when_to_come_back() {
        let outcome = Outcome::Transient {
            retry_after: Some(Duration::from_secs(7)),
        };
        let error = token_request(&outcome, ErrorKind::GrantDead);
        assert_eq!(error.kind, ErrorKind::ProviderUnavailable);
        assert_eq!(error.retry_after, Some(7));
    }
}
