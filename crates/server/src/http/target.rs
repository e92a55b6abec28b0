//! Request targets (RFC 9112, section 3.2).

use super::answer;
use axum::{extract::Request, middleware::Next, response::Response};
use wire::{Code, Problem};

/// Refuses a target without a path: `CONNECT host:port` and `OPTIONS *` are
/// for proxies, and pages are drawn for a path.
pub async fn with_path(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with('/') {
        return next.run(request).await;
    }
    answer::problem(&Problem::new(
        Code::BadRequest,
        "This server answers requests for paths only.",
    ))
}
