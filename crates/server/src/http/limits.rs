//! Bounds on bodies and on time.

use super::answer;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::header::CONTENT_LENGTH,
    middleware::Next,
    response::Response,
};
use confidant_wire::{Code, Problem};
use std::time::Duration;

/// How large a request body may be, in bytes. A sign-in needs two thousand.
pub const BODY: usize = 64 * 1024;

/// How long an answer may take to begin. Longer than any deadline of our own
/// requests to a provider, so that those are told first.
pub const ANSWER: Duration = Duration::from_secs(60);

/// Reads the whole body before anything is done with it, and refuses one that
/// is larger than [`BODY`] or does not arrive in full.
pub async fn body(request: Request, next: Next) -> Response {
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY) {
        return too_large();
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, BODY).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(error) if exceeds_limit(&error) => too_large(),
        Err(_) => answer::problem(&Problem::new(
            Code::BadRequest,
            "The request broke off before its end.",
        )),
    }
}

fn exceeds_limit(error: &axum::Error) -> bool {
    std::error::Error::source(error)
        .is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
}

fn too_large() -> Response {
    answer::problem(&Problem::new(
        Code::BodyTooLarge,
        "The request is larger than allowed.",
    ))
}

/// Gives up on an answer that has not begun within this time.
pub async fn time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => answer::problem(&Problem::new(
            Code::TimedOut,
            "The answer took too long. Try again.",
        )),
    }
}
