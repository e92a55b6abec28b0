//! Limits on request bodies and on the time of an answer.

use crate::BffError;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::header::CONTENT_LENGTH,
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{error::Error, time::Duration};

/// How large a request body may be, in bytes. A sign-in needs two thousand.
const BODY: usize = 64 * 1024;

/// How long an answer may take to begin. It is longer than the deadline of
/// any request to a provider, so that those report first.
const ANSWER: Duration = Duration::from_secs(60);

/// Reads the whole body before the endpoint runs. Refuses a body that is
/// larger than 64 KiB or does not arrive in full, and gives up on an answer
/// that takes longer than a minute, the reading of the body included.
pub async fn limit(request: Request, next: Next) -> Response {
    let answer = async {
        if announced_length(&request).is_some_and(|length| length > BODY) {
            return BffError::BodyTooLarge.into_response();
        }
        let (parts, body) = request.into_parts();
        match read_body(body).await {
            Ok(bytes) => {
                next.run(Request::from_parts(parts, Body::from(bytes)))
                    .await
            }
            Err(error) => error.into_response(),
        }
    };
    match tokio::time::timeout(ANSWER, answer).await {
        Ok(response) => response,
        Err(_) => BffError::TimedOut.into_response(),
    }
}

fn announced_length(request: &Request) -> Option<usize> {
    let length = request.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Reads a body of at most [`BODY`] bytes.
pub(super) async fn read_body(body: Body) -> Result<Bytes, BffError> {
    to_bytes(body, BODY).await.map_err(|error| {
        let is_limit = error
            .source()
            .is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
        if is_limit {
            BffError::BodyTooLarge
        } else {
            BffError::BodyIncomplete
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, middleware::from_fn, routing::get};
    use tower::ServiceExt as _;

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_comes_is_given_up_on() {
        let never = get(async || tokio::time::sleep(Duration::from_secs(3600)).await);
        let app = Router::new().route("/", never).layer(from_fn(limit));
        let request = Request::new(Body::empty());
        let response = app.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 503);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up_on() {
        let echo = get(async || "reached");
        let app = Router::new().route("/", echo).layer(from_fn(limit));
        let body = Body::from_stream(futures::stream::pending::<Result<Bytes, BffError>>());
        let response = app.oneshot(Request::new(body)).await.unwrap();
        assert_eq!(response.status(), 503);
    }
}
