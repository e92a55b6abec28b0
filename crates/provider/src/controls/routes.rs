//! The control API over HTTP. Bodies and answers are JSON.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    middleware::from_fn,
    routing::{get, post},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    error::ControlApiError,
    guard::require_local_program,
    presets::{Presets, presets},
    token_status::TokenStatus,
};
use crate::{
    config::Framing, faults::plan::RuleStatus, policy::PolicyChange, provider::Provider,
    settings::ClockOffsets,
};

type Answer<T> = Result<Json<T>, ControlApiError>;

/// The control API.
pub(crate) fn routes() -> Router<Provider> {
    Router::new()
        .route(
            "/demo/faults",
            get(faults).put(set_faults).delete(clear_faults),
        )
        .route("/demo/policy/{client}", get(policy).put(set_policy))
        .route("/demo/clock", get(clock).post(set_clock))
        .route("/demo/framing", get(framing).put(set_framing))
        .route("/demo/tokens/{kind}/{fingerprint}", get(token_status))
        .route("/demo/presets", get(list_presets))
        .route("/demo/reset", post(reset))
        .route("/demo/revoke/{username}", post(revoke))
        .route("/demo/sign_out/{username}", post(sign_out))
        .route_layer(from_fn(require_local_program))
}

async fn faults(State(provider): State<Provider>) -> Json<Vec<RuleStatus>> {
    Json(provider.faults())
}

async fn set_faults(State(provider): State<Provider>, body: Bytes) -> Answer<Vec<RuleStatus>> {
    provider.set_faults(read(&body)?)?;
    Ok(Json(provider.faults()))
}

async fn clear_faults(State(provider): State<Provider>) -> Answer<Vec<RuleStatus>> {
    provider.set_faults(Vec::new())?;
    Ok(Json(provider.faults()))
}

async fn policy(
    State(provider): State<Provider>,
    Path(client): Path<String>,
) -> Answer<PolicyChange> {
    Ok(Json(provider.policy_of(&client)?))
}

async fn set_policy(
    State(provider): State<Provider>,
    Path(client): Path<String>,
    body: Bytes,
) -> Answer<PolicyChange> {
    provider.set_policy(&client, read(&body)?)?;
    Ok(Json(provider.policy_of(&client)?))
}

async fn clock(State(provider): State<Provider>) -> Json<ClockOffsets> {
    Json(provider.clock())
}

async fn set_clock(State(provider): State<Provider>, body: Bytes) -> Answer<ClockOffsets> {
    provider.set_clock(read(&body)?);
    Ok(Json(provider.clock()))
}

async fn framing(State(provider): State<Provider>) -> Json<Framing> {
    Json(provider.framing())
}

async fn set_framing(State(provider): State<Provider>, body: Bytes) -> Answer<Framing> {
    provider.set_framing(read(&body)?);
    Ok(Json(provider.framing()))
}

async fn token_status(
    State(provider): State<Provider>,
    Path((kind, fingerprint)): Path<(String, String)>,
) -> Answer<TokenStatus> {
    Ok(Json(provider.token_status(&kind, &fingerprint)?))
}

async fn list_presets() -> Json<Presets> {
    Json(presets())
}

async fn reset(State(provider): State<Provider>) -> StatusCode {
    provider.reset();
    StatusCode::NO_CONTENT
}

async fn revoke(State(provider): State<Provider>, Path(username): Path<String>) -> Answer<Value> {
    let families = provider.revoke_user(&username)?;
    Ok(Json(json!({"families": families})))
}

async fn sign_out(State(provider): State<Provider>, Path(username): Path<String>) -> Answer<Value> {
    let sessions = provider.sign_out_user(&username)?;
    Ok(Json(json!({"sessions": sessions})))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlApiError> {
    Ok(serde_json::from_slice(body)?)
}
