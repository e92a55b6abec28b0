//! The control API over HTTP. Bodies and responses are JSON.

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
    guard::require_local_program,
    operations::ProviderControls,
    presets::{Presets, presets},
    rejection::ControlRejection,
    token_status::TokenStatus,
};
use crate::{
    config::Framing, faults::plan::RuleStatus, policy::PolicyChange, provider::Provider,
    settings::ClockOffsets,
};

type JsonResult<T> = Result<Json<T>, ControlRejection>;
type Controls = State<ProviderControls>;

/// Returns the routes of the control API.
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

async fn faults(State(controls): Controls) -> Json<Vec<RuleStatus>> {
    Json(controls.faults())
}

async fn set_faults(State(controls): Controls, body: Bytes) -> JsonResult<Vec<RuleStatus>> {
    controls.set_faults(parse(&body)?)?;
    Ok(Json(controls.faults()))
}

async fn clear_faults(State(controls): Controls) -> JsonResult<Vec<RuleStatus>> {
    controls.set_faults(Vec::new())?;
    Ok(Json(controls.faults()))
}

async fn policy(State(controls): Controls, Path(client): Path<String>) -> JsonResult<PolicyChange> {
    Ok(Json(controls.policy_of(&client)?))
}

async fn set_policy(
    State(controls): Controls,
    Path(client): Path<String>,
    body: Bytes,
) -> JsonResult<PolicyChange> {
    controls.set_policy(&client, parse(&body)?)?;
    Ok(Json(controls.policy_of(&client)?))
}

async fn clock(State(controls): Controls) -> Json<ClockOffsets> {
    Json(controls.clock())
}

async fn set_clock(State(controls): Controls, body: Bytes) -> JsonResult<ClockOffsets> {
    controls.set_clock(parse(&body)?);
    Ok(Json(controls.clock()))
}

async fn framing(State(controls): Controls) -> Json<Framing> {
    Json(controls.framing())
}

async fn set_framing(State(controls): Controls, body: Bytes) -> JsonResult<Framing> {
    controls.set_framing(parse(&body)?);
    Ok(Json(controls.framing()))
}

async fn token_status(
    State(controls): Controls,
    Path((kind, fingerprint)): Path<(String, String)>,
) -> JsonResult<TokenStatus> {
    Ok(Json(controls.token_status(&kind, &fingerprint)?))
}

async fn list_presets() -> Json<Presets> {
    Json(presets())
}

async fn reset(State(controls): Controls) -> StatusCode {
    controls.reset();
    StatusCode::NO_CONTENT
}

async fn revoke(State(controls): Controls, Path(username): Path<String>) -> JsonResult<Value> {
    let families = controls.revoke_user(&username)?;
    Ok(Json(json!({"families": families})))
}

async fn sign_out(State(controls): Controls, Path(username): Path<String>) -> JsonResult<Value> {
    let sessions = controls.sign_out_user(&username)?;
    Ok(Json(json!({"sessions": sessions})))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlRejection> {
    Ok(serde_json::from_slice(body)?)
}
