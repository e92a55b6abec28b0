//! The outermost middleware. It logs each request, and refuses request targets
//! without a path, because everything behind it expects one.

use axum::{
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use confidant_bff::axum::problem_response;
use confidant_wire::{Code, Problem};
use std::time::Instant;

/// Handles the request and logs its method, path, status and duration. Does not
/// log the query: the callback page's contains the authorization code.
pub async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = if path.starts_with('/') {
        next.run(request).await
    } else {
        // `CONNECT host:port` and `OPTIONS *` are for proxies (RFC 9112,
        // section 3.2).
        problem_response(Problem::new(
            Code::BadRequest,
            "This server responds only to requests for a path.",
        ))
    };
    write(&method, &path, response.status(), began);
    response
}

fn write(method: &Method, path: &str, status: StatusCode, began: Instant) {
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status_code = status.as_u16();
    if status.is_server_error() {
        tracing::warn!(%method, path, status = status_code, took_ms, "request");
    } else if path.starts_with("/pkg/") || matches!(path, "/healthz" | "/metrics") {
        tracing::debug!(%method, path, status = status_code, took_ms, "request");
    } else {
        tracing::info!(%method, path, status = status_code, took_ms, "request");
    }
}
