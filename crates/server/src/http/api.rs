//! Calls to APIs, under `/api`: which may be forwarded, and how their answers
//! come back.

use super::{answer, csrf};
use axum::{body::Body, extract::Request, http::HeaderMap, response::Response};
use confidant_bff::{Bff, forward::refuse_websocket};
use confidant_wire::Problem;
use std::{pin::Pin, sync::Arc};

/// Answers calls to APIs.
pub type Api = Arc<dyn Fn(Request) -> Answering + Send + Sync>;

/// An answer that is being made.
pub type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Whether a call comes from our own pages' scripts, or from a program
/// (RFC 10017, section 6.1.3.3.2). `own_origin` is our own, as browsers write it.
fn guard(headers: &HeaderMap, own_origin: &str) -> Result<(), Problem> {
    // First, so that whoever tries is told what is wrong: a browser cannot add
    // the header to a WebSocket's request.
    refuse_websocket(headers)?;
    let verdict = csrf::verdict_of_call(headers, own_origin);
    verdict.problem().map_or(Ok(()), Err)
}

/// Has a call answered, if it passes the guard.
pub async fn answer(api: &Api, own_origin: &str, request: Request) -> Response {
    match guard(request.headers(), own_origin) {
        Ok(()) => api(request).await,
        Err(problem) => answer::problem(&problem),
    }
}

/// Forwards calls as they come: their addresses are not decoded on the way.
pub fn forwarding(bff: Bff) -> Api {
    Arc::new(move |request| {
        let bff = bff.clone();
        Box::pin(async move {
            match bff.forward(request).await {
                Ok(response) => response.map(Body::new),
                Err(problem) => answer::problem(&problem),
            }
        })
    })
}
