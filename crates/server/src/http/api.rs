//! Calls to APIs, under `/api`: which may be forwarded, and how their answers
//! come back.

use super::{answer, csrf};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use bff::Bff;
use std::sync::Arc;

/// Refuses what does not come from our own pages' scripts, or from a program
/// (RFC 10017, section 6.1.3.3.2). The state is our own origin.
pub async fn guard(State(own_origin): State<Arc<str>>, request: Request, next: Next) -> Response {
    // First, so that whoever tries is told what is wrong: a browser cannot add
    // the header to a WebSocket's request.
    if let Err(problem) = bff::forward::refuse_websocket(request.headers()) {
        return answer::problem(&problem);
    }
    match csrf::verdict_of_call(request.headers(), &own_origin).problem() {
        None => next.run(request).await,
        Some(problem) => answer::problem(&problem),
    }
}

/// Forwards the request as it came: its address is not decoded on the way.
pub async fn forward(State(bff): State<Bff>, request: Request) -> Response {
    match bff.forward(request).await {
        Ok(response) => response.map(Body::new),
        Err(problem) => answer::problem(&problem),
    }
}
