//! Whether a request proves a key: the proof, its nonce, and that it is new.

use axum::http::{HeaderMap, HeaderValue};

use super::{
    proof::{ExpectedRequest, Proof, ProofError, validate},
    replay::ReplayError,
};
use crate::{
    config::Client,
    decision_log::{DecisionEvent, EventKind},
    policy::DpopNonce,
    provider::{Provider, State},
};

/// Why a request does not prove its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DpopError {
    InvalidProof(ProofError),
    /// The proof has to be made again with this nonce.
    UseNonce(String),
    /// Too many proofs just now.
    ReplayCacheFull,
}

impl DpopError {
    /// The error code of RFC 9449 section 12.2.
    pub(crate) fn error(&self) -> &'static str {
        match self {
            Self::InvalidProof(_) => "invalid_dpop_proof",
            Self::UseNonce(_) => "use_dpop_nonce",
            Self::ReplayCacheFull => "temporarily_unavailable",
        }
    }

    /// Why, as a fixed code for the log.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::InvalidProof(bad) => bad.code(),
            Self::UseNonce(_) | Self::ReplayCacheFull => self.error(),
        }
    }

    /// For the client's developer.
    pub(crate) fn description(&self) -> &'static str {
        match self {
            Self::InvalidProof(bad) => bad.description(),
            Self::UseNonce(_) => "The proof needs the nonce in the header DPoP-Nonce.",
            Self::ReplayCacheFull => "There are too many proofs to remember just now.",
        }
    }
}

/// The proof that a request carries; `None` if it carries none. A proof found
/// good is used up by it.
pub(crate) fn verify_proof(
    provider: &Provider,
    state: &mut State,
    headers: &HeaderMap,
    expected: &ExpectedRequest<'_>,
    nonce: DpopNonce,
) -> Result<Option<Proof>, DpopError> {
    let mut values = headers.get_all("dpop").iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(DpopError::InvalidProof(ProofError::Several));
    }
    let proof = parse(value, expected).map_err(DpopError::InvalidProof)?;
    // One that is there has to be good even where none is required.
    let good = match &proof.nonce {
        Some(nonce) => provider.dpop_nonce_is_valid(nonce),
        None => nonce == DpopNonce::Optional,
    };
    if !good {
        return Err(DpopError::UseNonce(provider.dpop_nonce()));
    }
    match state.proofs.insert(proof.id, provider.system_time()) {
        Ok(()) => Ok(Some(proof)),
        Err(ReplayError::AlreadyUsed) => Err(DpopError::InvalidProof(ProofError::Replayed)),
        Err(ReplayError::Full) => Err(DpopError::ReplayCacheFull),
    }
}

fn parse(value: &HeaderValue, expected: &ExpectedRequest<'_>) -> Result<Proof, ProofError> {
    let text = value.to_str().map_err(|_| ProofError::Malformed)?;
    validate(text, expected)
}

/// A refused proof of `client`'s, for the log.
pub(crate) fn refused_proof(
    client: &Client,
    endpoint: &'static str,
    unproven: &DpopError,
) -> DecisionEvent {
    DecisionEvent {
        about: EventKind::Proof,
        client: client.id.clone(),
        endpoint: Some(endpoint),
        family: None,
        generation: None,
        outcome: "refused",
        reason: unproven.code(),
        description: unproven.description(),
    }
}
