//! What became of a token request.

use super::token_error::{ErrorBody, TokenErrorClass, TokenRequest, classify};
use crate::grant::TokenResponse;
use std::time::Duration;

/// The class of an answer, or of its absence.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A token came.
    Success(Box<TokenResponse>),
    /// The provider no longer honours the refresh token; its error code.
    Dead(String),
    /// The provider refuses the client; its error code.
    Misconfigured(String),
    /// The provider refuses the scope or resource that this request asked
    /// for; its error code.
    RequestRefused(String),
    /// Surely not processed: the same request may be sent again.
    Transient {
        /// When the provider wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// Not processed, because this grant has asked too often. It says nothing
    /// about other grants.
    RateLimited {
        /// When the provider wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// Not sent: the process slept, and its lease would run out meanwhile.
    LeaseExpired,
    /// May have been processed: sent, and no readable answer came.
    Ambiguous,
}

impl Outcome {
    /// Its name in logs and figures.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Success(_) => "success",
            Self::Dead(_) => "dead",
            Self::Misconfigured(_) => "misconfigured",
            Self::RequestRefused(_) => "request_refused",
            Self::Transient { .. } => "transient",
            Self::RateLimited { .. } => "rate_limited",
            Self::LeaseExpired => "lease_expired",
            Self::Ambiguous => "ambiguous",
        }
    }
}

/// What a provider does with a refresh token that it has seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// It stays good: trying again is harmless.
    Reusable,
    /// It stays good for so long after its first use.
    Grace(Duration),
    /// It is spent, and presenting it again reads as theft
    /// (RFC 9700, section 4.14.2).
    Strict,
}

/// Returns the outcome of an answer without a token.
pub(crate) fn refused(
    request: TokenRequest,
    status: u16,
    body: ErrorBody<'_>,
    retry_after: Option<Duration>,
) -> Outcome {
    let error = match body {
        ErrorBody::Code(code) => code.to_owned(),
        ErrorBody::Empty | ErrorBody::Unreadable => format!("status {status}"),
    };
    match classify(request, status, body) {
        TokenErrorClass::Dead => Outcome::Dead(error),
        TokenErrorClass::Misconfigured => Outcome::Misconfigured(error),
        TokenErrorClass::RequestRefused => Outcome::RequestRefused(error),
        TokenErrorClass::Transient => Outcome::Transient { retry_after },
        TokenErrorClass::RateLimited => Outcome::RateLimited { retry_after },
        TokenErrorClass::Ambiguous => Outcome::Ambiguous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_keeps_the_error_code_and_when_to_ask_again() {
        let plain = TokenRequest::RefreshToken { narrowed: false };
        let retry_after = Some(Duration::from_secs(7));
        for (status, body, outcome) in [
            (503, ErrorBody::Empty, Outcome::Transient { retry_after }),
            (429, ErrorBody::Empty, Outcome::RateLimited { retry_after }),
            (
                200,
                ErrorBody::Code("bad_refresh_token"),
                Outcome::Dead("bad_refresh_token".into()),
            ),
            (400, ErrorBody::Empty, Outcome::Dead("status 400".into())),
            (
                404,
                ErrorBody::Unreadable,
                Outcome::Misconfigured("status 404".into()),
            ),
        ] {
            assert_eq!(refused(plain, status, body, retry_after), outcome);
        }
        assert_eq!(
            refused(plain, 503, ErrorBody::Empty, None),
            Outcome::Transient { retry_after: None }
        );
    }
}
