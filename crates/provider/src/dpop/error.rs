//! Why a request does not prove possession of a key.

use super::{nonce, proof::ProofError};
use crate::oauth::error::{ErrorCode, OAuthError};

/// The reason why a request does not prove possession of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DpopError {
    InvalidProof(ProofError),
    /// The client must repeat the request with this nonce in the proof.
    UseNonce(String),
    /// The replay cache has no room for another proof.
    ReplayCacheFull,
}

impl DpopError {
    /// Returns the error code (RFC 9449 section 12.2).
    pub(crate) fn error_code(&self) -> ErrorCode {
        match self {
            Self::InvalidProof(_) => ErrorCode::InvalidDpopProof,
            Self::UseNonce(_) => ErrorCode::UseDpopNonce,
            Self::ReplayCacheFull => ErrorCode::TemporarilyUnavailable,
        }
    }

    /// Returns a fixed code for the decision log.
    pub(crate) fn log_code(&self) -> &'static str {
        match self {
            Self::InvalidProof(error) => error.code(),
            Self::UseNonce(_) | Self::ReplayCacheFull => self.error_code().as_str(),
        }
    }

    /// Returns a sentence for the client's developer.
    pub(crate) fn description(&self) -> &'static str {
        match self {
            Self::InvalidProof(error) => error.description(),
            Self::UseNonce(_) => "The proof needs the nonce in the header DPoP-Nonce.",
            Self::ReplayCacheFull => "The provider cannot remember more proofs at the moment.",
        }
    }
}

impl From<DpopError> for OAuthError {
    fn from(error: DpopError) -> Self {
        let response = Self::new(error.error_code(), error.description());
        match &error {
            DpopError::UseNonce(nonce) => match nonce::header(nonce) {
                Some(header) => response.with_header(header),
                None => response,
            },
            DpopError::InvalidProof(_) | DpopError::ReplayCacheFull => response,
        }
    }
}
