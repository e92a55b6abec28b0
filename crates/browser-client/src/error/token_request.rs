//! The errors of token requests.

use super::{Error, Kind};
use crate::http::TransportError;
use confidant_protocol::{Ambiguity, Outcome};
use std::time::Duration;

/// Returns the error of a request that yielded no token. `dead` is its kind if
/// the provider refuses the code or refresh token itself.
pub(crate) fn failure(outcome: &Outcome, dead: Kind) -> Error {
    match outcome {
        Outcome::Dead(code) => {
            let message =
                format!("The provider no longer honours this sign-in ({code}). Sign in again.");
            Error::new(dead, message)
        }
        Outcome::Misconfigured(code) | Outcome::RequestRefused(code) => {
            let message = format!("The provider refuses this client ({code}).");
            Error::new(Kind::ClientMisconfigured, message)
        }
        Outcome::Transient { retry_after, .. } => busy(*retry_after),
        Outcome::Ambiguous(ambiguity) => ambiguous(*ambiguity),
        Outcome::Success(_) => Error::new(Kind::ProviderMisbehaved, "No token came."),
    }
}

/// Returns the error of a provider that is busy.
pub(crate) fn busy(retry_after: Option<Duration>) -> Error {
    Error {
        retry_after: Some(retry_after.map_or(1, |wait| wait.as_secs())),
        ..Error::new(
            Kind::ProviderUnavailable,
            "The provider is busy. Try again.",
        )
    }
}

/// Returns the error of a request whose outcome is unknown, if nothing else
/// follows from it.
pub(crate) fn ambiguous(ambiguity: Ambiguity) -> Error {
    let (kind, message) = match ambiguity {
        Ambiguity::NoResponse => (
            Kind::Unreachable,
            "The provider is unreachable, or its CORS headers are missing: \
             the browser does not say which.",
        ),
        Ambiguity::TimedOut => (Kind::TimedOut, "The provider did not answer in time."),
        Ambiguity::CutShort => (Kind::ProviderMisbehaved, "The provider's answer broke off."),
        Ambiguity::Unreadable => (
            Kind::ProviderMisbehaved,
            "The provider's answer is not a token response.",
        ),
        Ambiguity::ServerError(_) | Ambiguity::Abandoned => (
            Kind::ProviderMisbehaved,
            "The provider, or a gateway before it, failed.",
        ),
    };
    Error::new(kind, message)
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
            rate_limited: false,
        };
        let error = failure(&outcome, Kind::GrantDead);
        assert_eq!(error.kind, Kind::ProviderUnavailable);
        assert_eq!(error.retry_after, Some(7));
    }
}
