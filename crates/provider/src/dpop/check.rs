//! Whether a request proves a key: the proof, its nonce, and that it is new.

use axum::http::{HeaderMap, HeaderValue};

use super::{
    proof::{BadProof, Expected, Proof, read},
    replay::NotNew,
};
use crate::{
    config::Client,
    demo::decisions::{About, Decided},
    policy::DpopNonce,
    provider::{Provider, State},
};

/// Why a request does not prove its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unproven {
    Bad(BadProof),
    /// The proof has to be made again with this nonce.
    UseNonce(String),
    /// Too many proofs just now.
    Busy,
}

impl Unproven {
    /// The error code of RFC 9449 section 12.2.
    pub(crate) fn error(&self) -> &'static str {
        match self {
            Self::Bad(_) => "invalid_dpop_proof",
            Self::UseNonce(_) => "use_dpop_nonce",
            Self::Busy => "temporarily_unavailable",
        }
    }

    /// Why, as a fixed code for the log.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Bad(bad) => bad.code(),
            Self::UseNonce(_) | Self::Busy => self.error(),
        }
    }

    /// For the client's developer.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::Bad(bad) => bad.words(),
            Self::UseNonce(_) => "The proof needs the nonce in the header DPoP-Nonce.",
            Self::Busy => "There are too many proofs to remember just now.",
        }
    }
}

/// The proof that a request carries; `None` if it carries none. A proof found
/// good is used up by it.
pub(crate) fn check(
    provider: &Provider,
    state: &mut State,
    headers: &HeaderMap,
    expected: &Expected<'_>,
    nonce: DpopNonce,
) -> Result<Option<Proof>, Unproven> {
    let mut values = headers.get_all("dpop").iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Unproven::Bad(BadProof::Several));
    }
    let proof = judge(value, expected).map_err(Unproven::Bad)?;
    // One that is there has to be good even where none is required.
    let good = match &proof.nonce {
        Some(nonce) => provider.dpop_nonce_is_good(nonce),
        None => nonce == DpopNonce::Optional,
    };
    if !good {
        return Err(Unproven::UseNonce(provider.dpop_nonce()));
    }
    match state.proofs.note(proof.id, provider.right_time()) {
        Ok(()) => Ok(Some(proof)),
        Err(NotNew::Seen) => Err(Unproven::Bad(BadProof::Replayed)),
        Err(NotNew::Full) => Err(Unproven::Busy),
    }
}

fn judge(value: &HeaderValue, expected: &Expected<'_>) -> Result<Proof, BadProof> {
    let text = value.to_str().map_err(|_| BadProof::Malformed)?;
    read(text, expected)
}

/// A refused proof of `client`'s, for the log.
pub(crate) fn refused_proof(
    client: &Client,
    endpoint: &'static str,
    unproven: &Unproven,
) -> Decided {
    Decided {
        about: About::Proof,
        client: client.id.clone(),
        endpoint: Some(endpoint),
        family: None,
        generation: None,
        outcome: "refused",
        reason: unproven.code(),
        words: unproven.words(),
    }
}
