//! `GET /tokeninfo?access_token=…`, as at Google.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    clock::UnixTime,
    oauth::parameters::Parameters,
    provider::Provider,
    records::{families::FoundToken, store::Records},
};

/// Describes an access token to any caller who has it.
pub(crate) async fn tokeninfo(
    State(provider): State<Provider>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let description = query.get("access_token").and_then(|token| {
        provider.read(|state, now| describe(&provider, &state.records, token, now))
    });
    let (status, body) = match description {
        Some(description) => (StatusCode::OK, description),
        None => (
            StatusCode::BAD_REQUEST,
            json!({"error": "invalid_token", "error_description": "Invalid Value"}),
        ),
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (status, no_store, Json(body)).into_response()
}

/// Describes an active access token. Google writes numbers and booleans as
/// strings.
fn describe(provider: &Provider, records: &Records, token: &str, now: UnixTime) -> Option<Value> {
    let Some(FoundToken::Access(family, token)) = records.families.find_token(token) else {
        return None;
    };
    family.is_active(token, now).then_some(())?;
    let user = provider.config().user(&family.subject)?;
    let access_type = if family.refresh_tokens.is_empty() {
        "online"
    } else {
        "offline"
    };
    let mut description = json!({
        "azp": family.client,
        "aud": family.client,
        "sub": family.subject,
        "scope": token.scope.to_string(),
        "token_type": token.token_type(),
        "exp": token.expires_at.seconds().to_string(),
        "expires_in": token.expires_at.since(now).as_secs().to_string(),
        "access_type": access_type,
    });
    if token.scope.contains("email") {
        description["email"] = user.email.clone().into();
        description["email_verified"] = "true".into();
    }
    if let Some(key) = &token.key {
        description["cnf"] = json!({"jkt": key});
    }
    Some(description)
}
