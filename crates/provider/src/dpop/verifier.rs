//! Verification of the proof in a request: its content, its nonce, and that
//! it was not used before.

use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue};

use super::{
    error::DpopError,
    nonce,
    proof::{ExpectedRequest, Proof, ProofError, validate},
    replay::{ReplayCache, ReplayError},
};
use crate::{clock::UnixTime, policy::DpopNonce};

/// Verifies proofs for the provider and its API.
pub(crate) struct DpopVerifier {
    /// Is new at each start. The replay cache is empty then, but a proof made
    /// before fails because of its nonce.
    nonce_key: String,
    used_proofs: Mutex<ReplayCache>,
}

impl DpopVerifier {
    pub(crate) fn new(nonce_key: String) -> Self {
        Self {
            nonce_key,
            used_proofs: Mutex::default(),
        }
    }

    /// Verifies the proof in `headers`, which is then used up. Returns `None`
    /// for a request without a proof.
    ///
    /// `now` is the time for nonces and the replay cache. The proof's `iat` is
    /// checked against the time in `expected`.
    pub(crate) fn verify(
        &self,
        headers: &HeaderMap,
        expected: &ExpectedRequest<'_>,
        nonce_policy: DpopNonce,
        now: UnixTime,
    ) -> Result<Option<Proof>, DpopError> {
        let mut values = headers.get_all("dpop").iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(DpopError::InvalidProof(ProofError::Several));
        }
        let proof = parse(value, expected).map_err(DpopError::InvalidProof)?;
        // Where nonces are optional, a wrong one is still an error.
        let nonce_accepted = match &proof.nonce {
            Some(nonce) => nonce::is_valid(&self.nonce_key, nonce, now),
            None => nonce_policy == DpopNonce::Optional,
        };
        if !nonce_accepted {
            return Err(DpopError::UseNonce(nonce::current(&self.nonce_key, now)));
        }
        let used_proofs = self.used_proofs.lock();
        let mut used_proofs = used_proofs.unwrap_or_else(PoisonError::into_inner);
        match used_proofs.insert(proof.id, now) {
            Ok(()) => Ok(Some(proof)),
            Err(ReplayError::AlreadyUsed) => Err(DpopError::InvalidProof(ProofError::Replayed)),
            Err(ReplayError::Full) => Err(DpopError::ReplayCacheFull),
        }
    }

    /// Returns the nonce that a successful response carries, if proofs need
    /// one under `policy` (RFC 9449 section 8.2).
    pub(crate) fn next_nonce(&self, policy: DpopNonce, now: UnixTime) -> Option<String> {
        (policy == DpopNonce::Required).then(|| nonce::current(&self.nonce_key, now))
    }
}

fn parse(value: &HeaderValue, expected: &ExpectedRequest<'_>) -> Result<Proof, ProofError> {
    let text = value.to_str().map_err(|_| ProofError::Malformed)?;
    validate(text, expected)
}
