//! `POST /introspect` (RFC 7662).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    client_authentication::authenticate,
    clock::UnixTime,
    family::{AccessToken, RefreshToken},
    oauth::{
        error::{ErrorCode, OAuthError},
        form::OAuthForm,
    },
    provider::Provider,
    records::{families::FoundToken, store::Records},
    refresh::{
        expiry::refresh_token_expiry,
        rotation_status::{RotationStatus, rotation_status},
    },
};

/// Describes a token of the confidential client that asks.
pub(crate) async fn introspect(
    State(provider): State<Provider>,
    headers: HeaderMap,
    OAuthForm(form): OAuthForm,
) -> Result<Response, OAuthError> {
    let client = authenticate(provider.config(), &headers, &form)?;
    // Any caller can claim to be a public client, and could then test stolen
    // or guessed tokens.
    if !client.is_confidential() {
        let description = "Introspection requires client authentication.";
        return Err(OAuthError::new(ErrorCode::InvalidClient, description));
    }
    let token = form
        .get("token")
        .ok_or_else(|| OAuthError::missing_parameter("token"))?;
    let description =
        provider.read(|state, now| describe(&provider, &state.records, token, &client.id, now));
    // The response reveals nothing else about an inactive token (section 2.2).
    let response = description.unwrap_or_else(|| json!({"active": false}));
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((no_store, Json(response)).into_response())
}

/// Describes an active token of `client`. Returns `None` for any other token.
fn describe(
    provider: &Provider,
    records: &Records,
    token: &str,
    client: &str,
    now: UnixTime,
) -> Option<Value> {
    let found = records.families.find_token(token)?;
    let (FoundToken::Access(family, _) | FoundToken::Refresh(family, _)) = found;
    if family.client != client || family.revoked.is_some() {
        return None;
    }
    let user = provider.config().user(&family.subject)?;
    let mut description = json!({
        "active": true,
        "client_id": family.client,
        "username": user.username,
        "sub": family.subject,
        "iss": provider.config().issuer,
    });
    let (FoundToken::Access(_, AccessToken { key, .. })
    | FoundToken::Refresh(_, RefreshToken { key, .. })) = found;
    if let Some(key) = key {
        // RFC 9449 section 6.2.
        description["cnf"] = json!({"jkt": key});
    }
    match found {
        FoundToken::Access(_, token) => {
            family.is_active(token, now).then_some(())?;
            description["token_type"] = token.token_type().into();
            description["scope"] = token.scope.to_string().into();
            description["iat"] = token.issued_at.seconds().into();
            description["exp"] = token.expires_at.seconds().into();
        }
        FoundToken::Refresh(_, token) => {
            let policy = provider.policy(provider.config().client(client)?).refresh;
            let status = rotation_status(family, token, policy.old_refresh_token, now);
            (status != RotationStatus::Spent).then_some(())?;
            let expiry = refresh_token_expiry(family, token, policy.lifetime);
            expiry.is_none_or(|expiry| now < expiry).then_some(())?;
            description["scope"] = family.scope.to_string().into();
            description["iat"] = token.issued_at.seconds().into();
            if let Some(expiry) = expiry {
                description["exp"] = expiry.seconds().into();
            }
        }
    }
    Some(description)
}
