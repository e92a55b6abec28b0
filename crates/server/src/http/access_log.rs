//! One line for each request.

use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

/// Logs method, path, status and time. Not the query: on the callback page it
/// holds the authorization code.
pub async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status();
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status_code = status.as_u16();
    if status.is_server_error() {
        tracing::warn!(%method, path, status = status_code, took_ms, "request");
    } else if path.starts_with("/pkg/") || matches!(&*path, "/healthz" | "/metrics") {
        tracing::debug!(%method, path, status = status_code, took_ms, "request");
    } else {
        tracing::info!(%method, path, status = status_code, took_ms, "request");
    }
    response
}
