//! What became of a token request.

use crate::grant::TokenAnswer;
use std::time::Duration;

/// The class of an answer, or of its absence.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A token came.
    Success(Box<TokenAnswer>),
    /// The provider no longer honours the refresh token; its error code.
    Dead(String),
    /// The provider refuses the client or the request itself; its error code.
    Misconfigured(String),
    /// Surely not processed: the same request may be sent again.
    Transient {
        /// When the provider wants to be asked again.
        retry_after: Option<Duration>,
    },
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
            Self::Transient { .. } => "transient",
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

/// An answer that is not a token, as RFC 6749, section 5.2 spells errors.
pub fn refused(status: u16, error: Option<&str>, retry_after: Option<Duration>) -> Outcome {
    match (status, error) {
        (_, Some("temporarily_unavailable" | "slow_down")) | (429 | 503, _) => {
            Outcome::Transient { retry_after }
        }
        // Behind a gateway's error a good answer may have been lost.
        (500.., _) => Outcome::Ambiguous,
        (_, Some(error @ ("invalid_grant" | "interaction_required"))) => {
            Outcome::Dead(error.to_owned())
        }
        // 200 without a token that could be read: it may well have been issued.
        (200, None) => Outcome::Ambiguous,
        (_, Some(error)) => Outcome::Misconfigured(error.to_owned()),
        (_, None) => Outcome::Misconfigured(format!("status {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_provider_s_word_on_the_grant_is_death() {
        let transient = Outcome::Transient { retry_after: None };
        for (status, error, outcome) in [
            (400, Some("invalid_grant"), "dead"),
            (403, Some("invalid_grant"), "dead"),
            (401, Some("invalid_client"), "misconfigured"),
            (400, Some("invalid_scope"), "misconfigured"),
            (404, None, "misconfigured"),
            (302, None, "misconfigured"),
            (429, None, "transient"),
            (503, Some("invalid_grant"), "transient"),
            (400, Some("temporarily_unavailable"), "transient"),
            (500, None, "ambiguous"),
            (502, Some("invalid_grant"), "ambiguous"),
            (504, None, "ambiguous"),
            (200, None, "ambiguous"),
        ] {
            assert_eq!(
                refused(status, error, None).name(),
                outcome,
                "{status} {error:?}"
            );
        }
        assert_eq!(refused(503, None, None), transient);
    }
}
