//! The errors of control operations.

use thiserror::Error;

use crate::faults::plan::FaultPlanError;

/// The reason why a control operation failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ControlError {
    /// The client is not registered.
    #[error("there is no client {0:?}")]
    UnknownClient(String),
    /// No user has this username.
    #[error("there is no user {0:?}")]
    UnknownUser(String),
    /// The fault rules are invalid.
    #[error(transparent)]
    FaultPlan(#[from] FaultPlanError),
    /// Under this policy, no refresh token could be used at all.
    #[error("a refresh token must have one use at least")]
    ZeroUses,
    /// The text is not the fingerprint of a token.
    #[error("a token is named by at or rt and six hexadecimal digits")]
    InvalidFingerprint,
}

impl ControlError {
    /// Returns a fixed code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownClient(_) => "unknown_client",
            Self::UnknownUser(_) => "unknown_person",
            Self::FaultPlan(_) => "bad_rule",
            Self::ZeroUses => "no_use",
            Self::InvalidFingerprint => "bad_fingerprint",
        }
    }
}
