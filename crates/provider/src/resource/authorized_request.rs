//! Who may have a resource: the access token and, if it is bound to a key,
//! the proof beside it (RFC 6750, RFC 9449 section 7).

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::rejection::{RejectionReason, ResourceRejection, Scheme};
use crate::{
    clock::UnixTime,
    config::{Client, User},
    dpop::{
        key::Thumbprint,
        nonce,
        proof::{ExpectedRequest, ProofError},
        verify::{DpopError, refused_proof, verify_proof},
    },
    endpoints::endpoint,
    oauth::scope::Scope,
    provider::{Provider, State},
    records::FoundToken,
};

/// Somebody who presented an access token that is valid.
pub(crate) struct AuthorizedRequest {
    pub(crate) scheme: Scheme,
    pub(crate) client: String,
    pub(crate) user: User,
    pub(crate) scope: Scope,
    /// When the token ends, in seconds since 1970.
    pub(crate) expires_at: u64,
    /// The nonce for the next proof.
    nonce: Option<String>,
}

/// An access token that is good, if whoever sent it may have it.
struct ValidToken<'a> {
    client: &'a Client,
    key: Option<Thumbprint>,
    request: AuthorizedRequest,
}

impl AuthorizedRequest {
    /// Refuses a token without `scope`.
    pub(crate) fn require(&self, scope: &'static str) -> Result<(), ResourceRejection> {
        match self.scope.contains(scope) {
            true => Ok(()),
            false => Err(ResourceRejection::new(
                self.scheme,
                RejectionReason::InsufficientScope(scope),
            )),
        }
    }

    /// The answer, for the caller only.
    pub(crate) fn respond(&self, body: Value) -> Response {
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        let mut response = (no_store, Json(body)).into_response();
        if let Some(next) = &self.nonce {
            nonce::insert_header(response.headers_mut(), next);
        }
        response
    }
}

impl FromRequestParts<Provider> for AuthorizedRequest {
    type Rejection = ResourceRejection;

    async fn from_request_parts(
        parts: &mut Parts,
        provider: &Provider,
    ) -> Result<Self, ResourceRejection> {
        let (scheme, token) = credentials(&parts.headers)?;
        let path = parts.uri.path();
        // The API is another machine in spirit, with a clock of its own.
        let api = path.starts_with("/api/");
        let allowed = provider.note(|state, now| {
            let now = if api { provider.api_now() } else { now };
            let valid = look_up_token(provider, state, scheme, token, api, now)?;
            match (scheme, &valid.key) {
                (Scheme::Bearer, None) => Ok(valid.request),
                (Scheme::Bearer, Some(_)) => Err(RejectionReason::BoundToKey),
                (Scheme::Dpop, None) => Err(RejectionReason::NotBoundToKey),
                (Scheme::Dpop, Some(key)) => {
                    let expected = ExpectedRequest {
                        method: parts.method.as_str(),
                        uri: &format!("{}{path}", provider.config().issuer),
                        access_token: Some(token),
                        key: Some(key),
                        now,
                    };
                    let nonce =
                        verify_request_proof(provider, state, parts, &expected, valid.client)?;
                    Ok(Self {
                        nonce,
                        ..valid.request
                    })
                }
            }
        });
        allowed.map_err(|reason| ResourceRejection::new(scheme, reason))
    }
}

/// What `token` gives whoever may have it.
fn look_up_token<'a>(
    provider: &'a Provider,
    state: &mut State,
    scheme: Scheme,
    token: &str,
    api: bool,
    now: UnixTime,
) -> Result<ValidToken<'a>, RejectionReason> {
    let Some(FoundToken::Access(family, token)) = state.records.find_token(token) else {
        return Err(RejectionReason::Unknown);
    };
    if api {
        state.requests.count_api(&family.client);
    }
    if family.revoked.is_some() || token.revoked {
        return Err(RejectionReason::Revoked);
    }
    if now >= token.expires_at {
        return Err(RejectionReason::Expired);
    }
    // Only a restart with other clients or people can have taken them away.
    let client = provider.config().client(&family.client);
    let user = provider.config().user(&family.subject);
    Ok(ValidToken {
        client: client.ok_or(RejectionReason::Revoked)?,
        key: token.key.clone(),
        request: AuthorizedRequest {
            scheme,
            client: family.client.clone(),
            user: user.cloned().ok_or(RejectionReason::Revoked)?,
            scope: token.scope.clone(),
            expires_at: token.expires_at.seconds(),
            nonce: None,
        },
    })
}

/// Wants a proof of the expected key, and returns the nonce for the next.
fn verify_request_proof(
    provider: &Provider,
    state: &mut State,
    parts: &Parts,
    expected: &ExpectedRequest<'_>,
    client: &Client,
) -> Result<Option<String>, RejectionReason> {
    let policy = provider.policy(client);
    let checked = verify_proof(provider, state, &parts.headers, expected, policy.dpop_nonce);
    let checked =
        checked.and_then(|proof| proof.ok_or(DpopError::InvalidProof(ProofError::Missing)));
    if let Err(error) = &checked {
        let endpoint = endpoint(parts.uri.path()).unwrap_or_default();
        let decided = refused_proof(client, endpoint, error);
        state.decisions.record(expected.now, decided);
    }
    checked.map_err(RejectionReason::Proof)?;
    Ok(provider.next_dpop_nonce(&policy))
}

/// Scheme and token in the header. The two other ways of RFC 6750, body and
/// query, are not offered: tokens in addresses end up in logs.
fn credentials(headers: &HeaderMap) -> Result<(Scheme, &str), ResourceRejection> {
    let refused = |reason| ResourceRejection::new(Scheme::Bearer, reason);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(refused(RejectionReason::Missing))?;
    if values.next().is_some() {
        return Err(refused(RejectionReason::Ambiguous));
    }
    let value = value
        .to_str()
        .map_err(|_| refused(RejectionReason::Unknown))?;
    let (scheme, token) = value
        .split_once(' ')
        .ok_or(refused(RejectionReason::Missing))?;
    match Scheme::parse(scheme) {
        Some(scheme) => Ok((scheme, token.trim())),
        None => Err(refused(RejectionReason::Missing)),
    }
}
