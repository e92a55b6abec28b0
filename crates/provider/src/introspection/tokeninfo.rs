//! `GET /tokeninfo?access_token=…`, as Google has it: whoever holds an access
//! token may ask what it is worth.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{oauth::parameters::Parameters, provider::Provider, records::FoundToken};

pub(crate) async fn tokeninfo(
    State(provider): State<Provider>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let described = query.get("access_token").and_then(|token| {
        provider.read(|state, now| {
            let Some(FoundToken::Access(family, token)) = state.records.find_token(token) else {
                return None;
            };
            family.is_live(token, now).then_some(())?;
            let user = provider.config().user(&family.subject)?;
            let offline = !family.refresh_tokens.is_empty();
            // Numbers are strings there.
            let mut answer = json!({
                "azp": family.client,
                "aud": family.client,
                "sub": family.subject,
                "scope": token.scope.to_string(),
                "token_type": token.token_type(),
                "exp": token.expires_at.seconds().to_string(),
                "expires_in": token.expires_at.since(now).as_secs().to_string(),
                "access_type": if offline { "offline" } else { "online" },
            });
            if token.scope.contains("email") {
                answer["email"] = user.email.clone().into();
                answer["email_verified"] = "true".into();
            }
            if let Some(key) = &token.key {
                answer["cnf"] = json!({"jkt": key});
            }
            Some(answer)
        })
    });
    let (status, answer) = match described {
        Some(answer) => (StatusCode::OK, answer),
        None => (
            StatusCode::BAD_REQUEST,
            json!({"error": "invalid_token", "error_description": "Invalid Value"}),
        ),
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (status, no_store, Json(answer)).into_response()
}
