//! One line for each request.

use axum::{
    extract::Request,
    http::{Method, StatusCode},
};
use std::time::Instant;

/// A line that is written when the answer begins.
pub struct Line {
    method: Method,
    path: String,
    began: Instant,
}

impl Line {
    /// Notes what is asked. Not the query: on the callback page it holds the
    /// authorization code.
    pub fn begin(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            began: Instant::now(),
        }
    }

    /// Writes method, path, status and time.
    pub fn end(self, status: StatusCode) {
        let Self { method, path, .. } = &self;
        let took_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status_code = status.as_u16();
        if status.is_server_error() {
            tracing::warn!(%method, path, status = status_code, took_ms, "request");
        } else if path.starts_with("/pkg/") || matches!(&**path, "/healthz" | "/metrics") {
            tracing::debug!(%method, path, status = status_code, took_ms, "request");
        } else {
            tracing::info!(%method, path, status = status_code, took_ms, "request");
        }
    }
}
