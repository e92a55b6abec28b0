//! `POST /token` (RFC 6749 section 3.2).

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{authorization_code_grant, client_authentication::authenticate, refresh_grant};
use crate::{
    config::Client,
    dpop::{
        key::Thumbprint,
        nonce,
        proof::ExpectedRequest,
        verify::{DpopError, refused_proof, verify_proof},
    },
    oauth::{
        error::{ErrorCode, OAuthError, OAuthForm},
        parameters::Parameters,
    },
    provider::Provider,
};

pub(crate) async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    OAuthForm(form): OAuthForm,
) -> Result<Response, OAuthError> {
    let client = authenticate(provider.config(), &headers, &form)?;
    let grant_type = form.get("grant_type");
    let counted = match grant_type {
        Some("authorization_code") => "authorization_code",
        Some("refresh_token") => "refresh_token",
        _ => "other",
    };
    provider.note(|state, _| state.requests.count_grant(&client.id, counted));
    // Before the grant is looked at: a request that has to come again, with a
    // nonce or a better proof, must not have spent anything.
    let key = proven_key(&provider, client, &headers)?;
    let granted = grant(&provider, client, &form, key.as_ref());
    let mut response = granted.unwrap_or_else(IntoResponse::into_response);
    let next = provider.next_dpop_nonce(&provider.policy(client));
    if let Some(nonce) = next.filter(|_| key.is_some()) {
        nonce::insert_header(response.headers_mut(), &nonce);
    }
    Ok(response)
}

fn grant(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
    key: Option<&Thumbprint>,
) -> Result<Response, OAuthError> {
    match form.get("grant_type") {
        Some("authorization_code") => {
            authorization_code_grant::exchange_code(provider, client, form, key)
        }
        Some("refresh_token") => refresh_grant::exchange_refresh_token(provider, client, form, key),
        Some("password") => Err(OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            "The password grant is refused: RFC 9700 section 2.4 forbids it.",
        )),
        Some(_) => Err(OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            "The grant types are authorization_code and refresh_token.",
        )),
        None => Err(OAuthError::missing("grant_type")),
    }
}

/// The key that the request proves (RFC 9449 section 5); `None` if it does
/// not try to.
fn proven_key(
    provider: &Provider,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Option<Thumbprint>, DpopError> {
    let uri = format!("{}/token", provider.config().issuer);
    provider.note(|state, now| {
        let expected = ExpectedRequest {
            method: "POST",
            uri: &uri,
            access_token: None,
            key: None,
            now,
        };
        let nonce = provider.policy(client).dpop_nonce;
        let checked = verify_proof(provider, state, headers, &expected, nonce);
        if let Err(unproven) = &checked {
            let decided = refused_proof(client, "/token", unproven);
            state.decisions.record(now, decided);
        }
        Ok(checked?.map(|proof| proof.key))
    })
}
