//! Problems as JSON.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use confidant_wire::{Code, Problem};

/// The answer that tells of this problem: its JSON, with its status.
pub fn problem(problem: &Problem) -> Response {
    let mut response = (status(problem.code), Json(problem)).into_response();
    add_retry_after(response.headers_mut(), problem);
    response
}

/// Says when it is worth trying again, where the problem says so.
pub fn add_retry_after(headers: &mut HeaderMap, problem: &Problem) {
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// The status that goes with a code.
pub fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// There is no such endpoint.
pub async fn not_found() -> Response {
    problem(&Problem::new(Code::NotFound, "There is no such endpoint."))
}

/// There is one, but it takes another method.
pub async fn method_not_allowed() -> Response {
    problem(&Problem::new(
        Code::MethodNotAllowed,
        "This endpoint takes another method.",
    ))
}
