//! The operator's listener: metrics and readiness, apart from the public port.

use crate::metrics;
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use confidant_bff::Bff;
use serde_json::json;

/// `GET /livez`: the process responds. It touches nothing else, so that strangers
/// may ask it.
pub fn liveness() -> Router {
    Router::new().route("/livez", get(async || "ok"))
}

/// The routes of the operator's listener: `GET /livez`, `GET /readyz` and
/// `GET /metrics`.
pub fn router(bff: Bff) -> Router {
    Router::new()
        .route("/readyz", get(ready))
        .with_state(bff)
        .merge(liveness())
        .merge(metrics::routes())
}

/// Answers 200 if the database responds, otherwise 503. Tokens that cannot be
/// revoked are reported, but are no reason to send no requests here.
async fn ready(State(bff): State<Bff>) -> Response {
    let checked = async {
        bff.ready().await?;
        bff.revocation_queue_length().await
    };
    match checked.await {
        Ok(queue) => {
            let body = json!({
                "store": "ok",
                "revocations": {"queued": queue.queued, "retrying": queue.retrying},
            });
            Json(body).into_response()
        }
        Err(error) => {
            tracing::warn!(code = ?error.code(), "not ready");
            let body = json!({"store": "unavailable"});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
