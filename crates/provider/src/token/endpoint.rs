//! `POST /token`.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{authorization_code_grant, refresh_grant};
use crate::{
    client_authentication::authenticate,
    config::Client,
    decision_log::{DecisionEvent, EventKind},
    dpop::{error::DpopError, key::Thumbprint, nonce, proof::ExpectedRequest},
    oauth::{
        error::{ErrorCode, OAuthError},
        form::OAuthForm,
        parameters::Parameters,
    },
    provider::Provider,
};

/// Handles a token request.
pub(crate) async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    OAuthForm(form): OAuthForm,
) -> Result<Response, OAuthError> {
    let client = authenticate(provider.config(), &headers, &form)?;
    let counted = match form.get("grant_type") {
        Some("authorization_code") => "authorization_code",
        Some("refresh_token") => "refresh_token",
        _ => "other",
    };
    provider.update_volatile(|state, _| state.requests.count_grant(&client.id, counted));
    // Verify the proof before the grant: a request that must be repeated with a
    // nonce or a better proof must not spend a code or token.
    let key = proven_key(&provider, client, &headers)?;
    let granted = grant(&provider, client, &form, key.as_ref());
    let mut response = granted.unwrap_or_else(IntoResponse::into_response);
    if key.is_some() {
        let policy = provider.policy(client).dpop_nonce;
        let next_nonce = provider.dpop().next_nonce(policy, provider.unshifted_now());
        if let Some(next_nonce) = next_nonce {
            nonce::insert_header(response.headers_mut(), &next_nonce);
        }
    }
    Ok(response)
}

fn grant(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
    key: Option<&Thumbprint>,
) -> Result<Response, OAuthError> {
    let unsupported = |description| {
        Err(OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            description,
        ))
    };
    match form.get("grant_type") {
        Some("authorization_code") => {
            authorization_code_grant::exchange_code(provider, client, form, key)
        }
        Some("refresh_token") => refresh_grant::exchange_refresh_token(provider, client, form, key),
        Some("password") => {
            unsupported("The password grant is refused: RFC 9700 section 2.4 forbids it.")
        }
        Some(_) => unsupported("The grant types are authorization_code and refresh_token."),
        None => Err(OAuthError::missing_parameter("grant_type")),
    }
}

/// Returns the key that the request proves (RFC 9449 section 5); `None` if it
/// carries no proof.
fn proven_key(
    provider: &Provider,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Option<Thumbprint>, DpopError> {
    let expected = ExpectedRequest {
        method: "POST",
        uri: &format!("{}/token", provider.config().issuer),
        access_token: None,
        key: None,
        now: provider.now(),
    };
    let policy = provider.policy(client).dpop_nonce;
    let dpop = provider.dpop();
    let verified = dpop.verify(headers, &expected, policy, provider.unshifted_now());
    if let Err(error) = &verified {
        let event = DecisionEvent::new(
            EventKind::Proof,
            &client.id,
            "refused",
            error.log_code(),
            error.description(),
        )
        .at_endpoint("/token");
        provider.update_volatile(|state, now| state.decisions.record(now, event));
    }
    Ok(verified?.map(|proof| proof.key))
}
