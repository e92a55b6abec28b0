//! Who may have a resource: the access token and, if it is bound to a key,
//! the proof beside it (RFC 6750, RFC 9449 section 7).

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::refusal::{Refusal, Scheme, Why};
use crate::{
    clock::UnixTime,
    config::{Client, Person},
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

/// Somebody who presented an access token that is good.
pub(crate) struct Access {
    pub(crate) scheme: Scheme,
    pub(crate) client: String,
    pub(crate) person: Person,
    pub(crate) scope: Scope,
    /// When the token ends, in seconds since 1970.
    pub(crate) expires_at: u64,
    /// The nonce for the next proof.
    nonce: Option<String>,
}

/// An access token that is good, if whoever sent it may have it.
struct Good<'a> {
    client: &'a Client,
    key: Option<Thumbprint>,
    access: Access,
}

impl Access {
    /// Refuses a token without `scope`.
    pub(crate) fn require(&self, scope: &'static str) -> Result<(), Refusal> {
        match self.scope.contains(scope) {
            true => Ok(()),
            false => Err(Refusal::new(self.scheme, Why::InsufficientScope(scope))),
        }
    }

    /// The answer, for the caller only.
    pub(crate) fn answer(&self, body: Value) -> Response {
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        let mut response = (no_store, Json(body)).into_response();
        if let Some(next) = &self.nonce {
            nonce::insert_header(response.headers_mut(), next);
        }
        response
    }
}

impl FromRequestParts<Provider> for Access {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, provider: &Provider) -> Result<Self, Refusal> {
        let (scheme, token) = credentials(&parts.headers)?;
        let path = parts.uri.path();
        // The API is another machine in spirit, with a clock of its own.
        let api = path.starts_with("/api/");
        let allowed = provider.note(|state, now| {
            let now = if api { provider.api_now() } else { now };
            let good = look(provider, state, scheme, token, api, now)?;
            match (scheme, &good.key) {
                (Scheme::Bearer, None) => Ok(good.access),
                (Scheme::Bearer, Some(_)) => Err(Why::Bound),
                (Scheme::Dpop, None) => Err(Why::Unbound),
                (Scheme::Dpop, Some(key)) => {
                    let expected = ExpectedRequest {
                        method: parts.method.as_str(),
                        uri: &format!("{}{path}", provider.config().issuer),
                        access_token: Some(token),
                        key: Some(key),
                        now,
                    };
                    let nonce = prove(provider, state, parts, &expected, good.client)?;
                    Ok(Self {
                        nonce,
                        ..good.access
                    })
                }
            }
        });
        allowed.map_err(|why| Refusal::new(scheme, why))
    }
}

/// What `token` gives whoever may have it.
fn look<'a>(
    provider: &'a Provider,
    state: &mut State,
    scheme: Scheme,
    token: &str,
    api: bool,
    now: UnixTime,
) -> Result<Good<'a>, Why> {
    let Some(FoundToken::Access(family, token)) = state.records.find_token(token) else {
        return Err(Why::Unknown);
    };
    if api {
        state.requests.count_api(&family.client);
    }
    if family.revoked.is_some() || token.revoked {
        return Err(Why::Revoked);
    }
    if now >= token.expires_at {
        return Err(Why::Expired);
    }
    // Only a restart with other clients or people can have taken them away.
    let client = provider.config().client(&family.client);
    let person = provider.config().person(&family.subject);
    Ok(Good {
        client: client.ok_or(Why::Revoked)?,
        key: token.key.clone(),
        access: Access {
            scheme,
            client: family.client.clone(),
            person: person.cloned().ok_or(Why::Revoked)?,
            scope: token.scope.clone(),
            expires_at: token.expires_at.seconds(),
            nonce: None,
        },
    })
}

/// Wants a proof of the expected key, and returns the nonce for the next.
fn prove(
    provider: &Provider,
    state: &mut State,
    parts: &Parts,
    expected: &ExpectedRequest<'_>,
    client: &Client,
) -> Result<Option<String>, Why> {
    let policy = provider.policy(client);
    let checked = verify_proof(provider, state, &parts.headers, expected, policy.dpop_nonce);
    let checked =
        checked.and_then(|proof| proof.ok_or(DpopError::InvalidProof(ProofError::Missing)));
    if let Err(unproven) = &checked {
        let endpoint = endpoint(parts.uri.path()).unwrap_or_default();
        let decided = refused_proof(client, endpoint, unproven);
        state.decisions.add(expected.now, decided);
    }
    checked.map_err(Why::DpopError)?;
    Ok(provider.next_dpop_nonce(&policy))
}

/// Scheme and token in the header. The two other ways of RFC 6750, body and
/// query, are not offered: tokens in addresses end up in logs.
fn credentials(headers: &HeaderMap) -> Result<(Scheme, &str), Refusal> {
    let refused = |why| Refusal::new(Scheme::Bearer, why);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(refused(Why::Missing))?;
    if values.next().is_some() {
        return Err(refused(Why::Ambiguous));
    }
    let value = value.to_str().map_err(|_| refused(Why::Unknown))?;
    let (scheme, token) = value.split_once(' ').ok_or(refused(Why::Missing))?;
    match Scheme::of(scheme) {
        Some(scheme) => Ok((scheme, token.trim())),
        None => Err(refused(Why::Missing)),
    }
}
