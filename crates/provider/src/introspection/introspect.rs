//! `POST /introspect` (RFC 7662), for confidential clients.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    clock::UnixTime,
    oauth::error::{ErrorCode, OAuthError, OAuthForm},
    provider::Provider,
    records::{
        FoundToken, Records,
        family::{AccessToken, RefreshToken},
    },
    refresh::{
        expiry::refresh_token_expiry,
        rotation_status::{RotationStatus, rotation_status},
    },
    token::client_authentication::authenticate,
};

pub(crate) async fn introspect(
    State(provider): State<Provider>,
    headers: HeaderMap,
    OAuthForm(form): OAuthForm,
) -> Result<Response, OAuthError> {
    let client = authenticate(provider.config(), &headers, &form)?;
    // Anybody can claim to be a public client, and could then try tokens out.
    if !client.is_confidential() {
        let description = "Introspection is for clients that authenticate.";
        return Err(OAuthError::new(ErrorCode::InvalidClient, description));
    }
    let token = form
        .get("token")
        .ok_or_else(|| OAuthError::missing("token"))?;
    let described =
        provider.read(|state, now| describe(&provider, &state.records, token, &client.id, now));
    // Of a dead token nothing more is said than that (section 2.2).
    let answer = described.unwrap_or_else(|| json!({"active": false}));
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// The answer for a live token of `client`'s.
fn describe(
    provider: &Provider,
    records: &Records,
    token: &str,
    client: &str,
    now: UnixTime,
) -> Option<Value> {
    let found = records.find_token(token)?;
    let (FoundToken::Access(family, _) | FoundToken::Refresh(family, _)) = found;
    if family.client != client || family.revoked.is_some() {
        return None;
    }
    let user = provider.config().user(&family.subject)?;
    let mut answer = json!({
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
        answer["cnf"] = json!({"jkt": key});
    }
    match found {
        FoundToken::Access(_, token) => {
            family.is_live(token, now).then_some(())?;
            answer["token_type"] = token.token_type().into();
            answer["scope"] = token.scope.to_string().into();
            answer["iat"] = token.issued_at.seconds().into();
            answer["exp"] = token.expires_at.seconds().into();
        }
        FoundToken::Refresh(_, token) => {
            let policy = provider.policy(provider.config().client(client)?).refresh;
            let status = rotation_status(family, token, policy.old_refresh_token, now);
            (status != RotationStatus::Spent).then_some(())?;
            let end = refresh_token_expiry(family, token, policy.lifetime);
            end.is_none_or(|end| now < end).then_some(())?;
            answer["scope"] = family.scope.to_string().into();
            answer["iat"] = token.issued_at.seconds().into();
            if let Some(end) = end {
                answer["exp"] = end.seconds().into();
            }
        }
    }
    Some(answer)
}
