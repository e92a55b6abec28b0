//! The authorization code grant (RFC 6749 section 4.1.3).

use axum::response::Response;

use super::response::token_response;
use crate::{
    clock::UnixTime,
    config::Client,
    decision_log::{DecisionEvent, EventKind},
    digest::Digest,
    dpop::{key::Thumbprint, proof::ProofError},
    oauth::{
        error::{ErrorCode, OAuthError},
        parameters::Parameters,
    },
    provider::Provider,
    records::code::AuthorizationCode,
};

/// Why a code is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CodeError {
    Unknown,
    ForeignClient,
    Replayed,
    Expired,
    RedirectUri,
    Verifier,
    ProofMissing,
    OtherKey,
}

impl CodeError {
    fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_code",
            Self::ForeignClient => "foreign_client",
            Self::Replayed => "replayed",
            Self::Expired => "expired",
            Self::RedirectUri => "other_redirect_uri",
            Self::Verifier => "wrong_verifier",
            Self::ProofMissing => ProofError::Missing.code(),
            Self::OtherKey => ProofError::OtherKey.code(),
        }
    }

    fn error(self) -> ErrorCode {
        match self {
            Self::ProofMissing => ErrorCode::InvalidDpopProof,
            _ => ErrorCode::InvalidGrant,
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Unknown => "Nobody was given this code, or it was forgotten.",
            Self::ForeignClient => "The code belongs to another client.",
            Self::Replayed => "The code was used before; what it gave is revoked.",
            Self::Expired => "The code has expired.",
            Self::RedirectUri => "The redirect_uri is not that of the authorization request.",
            Self::Verifier => "The code_verifier does not fit the code_challenge.",
            Self::ProofMissing => "The code is bound to a key, and there is no DPoP proof of it.",
            Self::OtherKey => "The code is bound to another key than the proof's.",
        }
    }
}

/// What a client presents beside its authentication.
struct CodeExchange<'a> {
    client: &'a str,
    redirect_uri: &'a str,
    verifier: &'a str,
    key: Option<&'a Thumbprint>,
}

/// Exchanges a code for tokens, once. They are bound to `key`.
pub(super) fn exchange_code(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
    key: Option<&Thumbprint>,
) -> Result<Response, OAuthError> {
    let required = |name| form.get(name).ok_or_else(|| OAuthError::missing(name));
    let digest = Digest::of(required("code")?);
    let request = CodeExchange {
        client: &client.id,
        redirect_uri: required("redirect_uri")?,
        verifier: required("code_verifier")?,
        key,
    };
    let exchanged = provider.change(|state, now| {
        let code = state.records.codes.get(&digest).cloned();
        let checked = check_code(code.as_ref(), &request, now);
        let family = match &checked {
            Ok(code) => {
                let context = provider.issue_context(client, key, now);
                let granted = state.records.redeem_code(digest, code, &context);
                let nonce = code.nonce.clone();
                Ok((granted, nonce, now))
            }
            Err(error) => {
                if let (CodeError::Replayed, Some(code)) = (error, &code) {
                    state.records.revoke_redeemed(code, now);
                }
                Err(*error)
            }
        };
        let number = match &family {
            Ok((granted, ..)) => Some(granted.family.number),
            Err(CodeError::Replayed) => code.as_ref().and_then(|code| code.redeemed_for),
            Err(_) => None,
        };
        let error = checked.err();
        state
            .decisions
            .record(now, log_entry(client, number, error));
        family
    });
    match exchanged {
        Ok((granted, nonce, now)) => token_response(provider, granted, nonce.as_deref(), now),
        Err(error) => Err(OAuthError::new(error.error(), error.description())),
    }
}

fn check_code<'a>(
    code: Option<&'a AuthorizationCode>,
    request: &CodeExchange<'_>,
    now: UnixTime,
) -> Result<&'a AuthorizationCode, CodeError> {
    let code = code.ok_or(CodeError::Unknown)?;
    // First: a client must not be able to end what belongs to another.
    if code.client != request.client {
        return Err(CodeError::ForeignClient);
    }
    if code.redeemed_for.is_some() {
        return Err(CodeError::Replayed);
    }
    if now >= code.expires_at {
        return Err(CodeError::Expired);
    }
    if code.redirect_uri != request.redirect_uri {
        return Err(CodeError::RedirectUri);
    }
    if !code.challenge.is_met_by(request.verifier) {
        return Err(CodeError::Verifier);
    }
    match (&code.key, request.key) {
        (Some(_), None) => Err(CodeError::ProofMissing),
        (Some(bound), Some(key)) if bound != key => Err(CodeError::OtherKey),
        _ => Ok(code),
    }
}

fn log_entry(client: &Client, family: Option<u64>, error: Option<CodeError>) -> DecisionEvent {
    let (outcome, reason, description) = match error {
        None => (
            "granted",
            "redeemed",
            "Valid: the first tokens of a family.",
        ),
        Some(error @ CodeError::Replayed) => ("family_revoked", error.code(), error.description()),
        Some(error) => ("refused", error.code(), error.description()),
    };
    DecisionEvent {
        about: EventKind::Code,
        client: client.id.clone(),
        endpoint: None,
        family,
        generation: None,
        outcome,
        reason,
        description,
    }
}
