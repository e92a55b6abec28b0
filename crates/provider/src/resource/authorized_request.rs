//! The check of a request to a resource: the access token and, if that is
//! bound to a key, the proof (RFC 6750, RFC 9449 section 7).

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
    config::{Client, Config, User},
    decision_log::{DecisionEvent, EventKind},
    dpop::{
        error::DpopError,
        key::Thumbprint,
        nonce,
        proof::{ExpectedRequest, ProofError},
    },
    endpoints::endpoint,
    oauth::scope::Scope,
    provider::Provider,
    records::families::FoundToken,
    state::State,
};

/// A request with a valid access token.
pub(crate) struct AuthorizedRequest {
    pub(crate) scheme: Scheme,
    pub(crate) client: String,
    pub(crate) user: User,
    pub(crate) scope: Scope,
    /// When the token expires, in seconds since 1970.
    pub(crate) expires_at: u64,
    /// The nonce that the response carries.
    next_nonce: Option<String>,
}

/// A token that is neither expired nor revoked.
struct ValidToken<'a> {
    client: &'a Client,
    user: &'a User,
    scope: Scope,
    expires_at: UnixTime,
    /// The key that the token is bound to.
    key: Option<Thumbprint>,
}

impl AuthorizedRequest {
    /// Rejects a token without `scope`.
    pub(crate) fn require(&self, scope: &'static str) -> Result<(), ResourceRejection> {
        if self.scope.contains(scope) {
            Ok(())
        } else {
            let reason = RejectionReason::InsufficientScope(scope);
            Err(ResourceRejection::new(self.scheme, reason))
        }
    }

    /// Returns a response that must not be cached.
    pub(crate) fn respond(&self, body: Value) -> Response {
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        let mut response = (no_store, Json(body)).into_response();
        if let Some(next_nonce) = &self.next_nonce {
            nonce::insert_header(response.headers_mut(), next_nonce);
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
        authorize(parts, provider, scheme, token)
            .map_err(|reason| ResourceRejection::new(scheme, reason))
    }
}

fn authorize(
    parts: &Parts,
    provider: &Provider,
    scheme: Scheme,
    token: &str,
) -> Result<AuthorizedRequest, RejectionReason> {
    // The API stands for another server, with a clock of its own.
    let is_api = parts.uri.path().starts_with("/api/");
    let now = if is_api {
        provider.api_now()
    } else {
        provider.now()
    };
    let valid = provider
        .update_volatile(|state, _| look_up_token(provider.config(), state, token, is_api, now))?;
    let next_nonce = match (scheme, &valid.key) {
        (Scheme::Bearer, None) => None,
        (Scheme::Bearer, Some(_)) => return Err(RejectionReason::BoundToKey),
        (Scheme::Dpop, None) => return Err(RejectionReason::NotBoundToKey),
        (Scheme::Dpop, Some(key)) => {
            let expected = ExpectedRequest {
                method: parts.method.as_str(),
                uri: &format!("{}{}", provider.config().issuer, parts.uri.path()),
                access_token: Some(token),
                key: Some(key),
                now,
            };
            verify_proof(provider, parts, &expected, valid.client)?
        }
    };
    Ok(AuthorizedRequest {
        scheme,
        client: valid.client.id.clone(),
        user: valid.user.clone(),
        scope: valid.scope,
        expires_at: valid.expires_at.seconds(),
        next_nonce,
    })
}

/// Finds a valid access token. Counts requests to the API.
fn look_up_token<'a>(
    config: &'a Config,
    state: &mut State,
    token: &str,
    is_api: bool,
    now: UnixTime,
) -> Result<ValidToken<'a>, RejectionReason> {
    let Some(FoundToken::Access(family, token)) = state.records.families.find_token(token) else {
        return Err(RejectionReason::Unknown);
    };
    if is_api {
        state.requests.count_api(&family.client);
    }
    if family.revoked.is_some() || token.revoked {
        return Err(RejectionReason::Revoked);
    }
    if now >= token.expires_at {
        return Err(RejectionReason::Expired);
    }
    // Client and user are missing only after a restart with another
    // configuration.
    let client = config.client(&family.client);
    let user = config.user(&family.subject);
    Ok(ValidToken {
        client: client.ok_or(RejectionReason::Revoked)?,
        user: user.ok_or(RejectionReason::Revoked)?,
        scope: token.scope.clone(),
        expires_at: token.expires_at,
        key: token.key.clone(),
    })
}

/// Requires a proof with the expected key. Returns the nonce for the next one.
fn verify_proof(
    provider: &Provider,
    parts: &Parts,
    expected: &ExpectedRequest<'_>,
    client: &Client,
) -> Result<Option<String>, RejectionReason> {
    let policy = provider.policy(client).dpop_nonce;
    let now = provider.unshifted_now();
    let verified = provider
        .dpop()
        .verify(&parts.headers, expected, policy, now);
    let missing = DpopError::InvalidProof(ProofError::Missing);
    if let Err(error) = verified.and_then(|proof| proof.ok_or(missing)) {
        let event = DecisionEvent::new(
            EventKind::Proof,
            &client.id,
            "refused",
            error.log_code(),
            error.description(),
        )
        .at_endpoint(endpoint(parts.uri.path()).unwrap_or_default());
        provider.update_volatile(|state, _| state.decisions.record(expected.now, event));
        return Err(RejectionReason::Proof(error));
    }
    Ok(provider.dpop().next_nonce(policy, now))
}

/// Reads scheme and token from the `Authorization` header. The provider does
/// not accept a token in the body or the query (RFC 6750 section 2), because
/// URLs end up in logs.
fn credentials(headers: &HeaderMap) -> Result<(Scheme, &str), ResourceRejection> {
    let rejected = |reason| ResourceRejection::new(Scheme::Bearer, reason);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(rejected(RejectionReason::Missing))?;
    if values.next().is_some() {
        return Err(rejected(RejectionReason::Ambiguous));
    }
    let value = value.to_str();
    let value = value.map_err(|_| rejected(RejectionReason::Unknown))?;
    let missing = || rejected(RejectionReason::Missing);
    let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
    let scheme = Scheme::parse(scheme).ok_or_else(missing)?;
    Ok((scheme, token.trim()))
}
