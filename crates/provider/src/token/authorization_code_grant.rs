//! The authorization code grant (RFC 6749 section 4.1.3).

use axum::response::Response;

use super::{issue_context::issue_context, response::token_response};
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
    records::{
        codes::AuthorizationCode,
        issue::{IssuedTokens, redeem_code},
    },
    state::State,
};

/// The reason why the provider refuses a code.
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
    /// Returns a fixed code for the decision log.
    fn log_code(self) -> &'static str {
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

    fn description(self) -> &'static str {
        match self {
            Self::Unknown => "The code is unknown, or its record was removed.",
            Self::ForeignClient => "The code belongs to another client.",
            Self::Replayed => "The code was used before; its tokens are revoked.",
            Self::Expired => "The code has expired.",
            Self::RedirectUri => "The redirect_uri is not that of the authorization request.",
            Self::Verifier => "The code_verifier does not match the code_challenge.",
            Self::ProofMissing => "The code is bound to a key, and the request has no DPoP proof.",
            Self::OtherKey => "The code is bound to a different key.",
        }
    }
}

impl From<CodeError> for OAuthError {
    fn from(error: CodeError) -> Self {
        let code = match error {
            CodeError::ProofMissing => ErrorCode::InvalidDpopProof,
            _ => ErrorCode::InvalidGrant,
        };
        Self::new(code, error.description())
    }
}

/// A token request with a code.
struct CodeRequest<'a> {
    client: &'a str,
    redirect_uri: &'a str,
    verifier: &'a str,
    key: Option<&'a Thumbprint>,
}

/// Exchanges a code for tokens, once. The tokens are bound to `key`.
pub(super) fn exchange_code(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
    key: Option<&Thumbprint>,
) -> Result<Response, OAuthError> {
    let required = |name| {
        form.get(name)
            .ok_or_else(|| OAuthError::missing_parameter(name))
    };
    let digest = Digest::of(required("code")?);
    let request = CodeRequest {
        client: &client.id,
        redirect_uri: required("redirect_uri")?,
        verifier: required("code_verifier")?,
        key,
    };
    let (redeemed, now) = provider.update(|state, now| {
        let code = state.records.codes.get(&digest).cloned();
        let redeemed = match check_code(code.as_ref(), &request, now) {
            Ok(code) => {
                let context = issue_context(provider, client, key, now);
                let issued = redeem_code(&mut state.records, &digest, code, &context);
                Ok((issued, code.nonce.clone()))
            }
            Err(error) => Err(error),
        };
        conclude(state, client, code.as_ref(), &redeemed, now);
        (redeemed, now)
    });
    let (issued, nonce) = redeemed?;
    token_response(provider, issued, nonce.as_deref(), now)
}

fn check_code<'a>(
    code: Option<&'a AuthorizationCode>,
    request: &CodeRequest<'_>,
    now: UnixTime,
) -> Result<&'a AuthorizationCode, CodeError> {
    let code = code.ok_or(CodeError::Unknown)?;
    // Check this before replay: a client must not be able to end the tokens of
    // another client.
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

/// Revokes the tokens of a replayed code, and logs the decision.
fn conclude(
    state: &mut State,
    client: &Client,
    code: Option<&AuthorizationCode>,
    redeemed: &Result<(IssuedTokens, Option<String>), CodeError>,
    now: UnixTime,
) {
    let (family, outcome, reason, description) = match redeemed {
        Ok((issued, _)) => (
            Some(issued.family.number),
            "granted",
            "redeemed",
            "Valid: the first tokens of a family.",
        ),
        Err(error @ CodeError::Replayed) => {
            if let Some(code) = code {
                state.records.revoke_redeemed(code, now);
            }
            let family = code.and_then(|code| code.redeemed_for);
            let description = error.description();
            (family, "family_revoked", error.log_code(), description)
        }
        Err(error) => (None, "refused", error.log_code(), error.description()),
    };
    let event = DecisionEvent::new(EventKind::Code, &client.id, outcome, reason, description);
    state.decisions.record(now, event.about_family(family));
}
