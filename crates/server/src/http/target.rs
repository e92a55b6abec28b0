//! Request targets (RFC 9112, section 3.2).

use super::answer;
use axum::response::Response;
use confidant_wire::{Code, Problem};

/// Refuses a target without a path: `CONNECT host:port` and `OPTIONS *` are
/// for proxies, and pages are drawn for a path.
pub fn refusal(path: &str) -> Option<Response> {
    let refusal = || {
        answer::problem(&Problem::new(
            Code::BadRequest,
            "This server answers requests for paths only.",
        ))
    };
    (!path.starts_with('/')).then(refusal)
}
