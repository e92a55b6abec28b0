//! What every request meets first and every answer meets last. One layer for
//! all of it, since each costs a forwarded call a handful of allocations.

use super::{
    access_log::Line,
    api::{self, Api},
    headers, target,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use confidant_bff::forward::PREFIX;
use std::sync::Arc;

/// What is the same for all requests.
pub struct Frame {
    /// Answers calls to APIs, which come in thousands and need no routes.
    pub api: Api,
    /// Our own origin, as browsers write it.
    pub own_origin: Arc<str>,
    /// Whether people reach us by https.
    pub https: bool,
}

/// Puts a request where it belongs, and completes and logs the answer.
pub async fn around(State(frame): State<Arc<Frame>>, request: Request, next: Next) -> Response {
    let line = Line::begin(&request);
    let path = request.uri().path();
    let referrer = headers::referrer(path);
    let mut response = if let Some(refusal) = target::refusal(path) {
        refusal
    } else if path.starts_with(PREFIX) {
        api::answer(&frame.api, &frame.own_origin, request).await
    } else {
        next.run(request).await
    };
    headers::complete(response.headers_mut(), referrer, frame.https);
    line.end(response.status());
    response
}
