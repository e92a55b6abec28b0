//! Errors and results as responses.

use crate::{BffError, request_cookies::WithCookies};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use confidant_wire::Problem;
use serde::Serialize;

impl IntoResponse for BffError {
    /// Logs the error and answers with its status and `{"code", "message"}`.
    fn into_response(self) -> Response {
        problem_response(self.report())
    }
}

/// Answers with a problem: its status, its JSON and, where trying again is
/// worth while, `Retry-After`. The problem is also an extension of the
/// response, from which a middleware can draw a page.
pub fn problem_response(problem: Problem) -> Response {
    let status =
        StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(&problem)).into_response();
    if let Some(seconds) = problem.retry_after {
        let value = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response.extensions_mut().insert(problem);
    response
}

/// Appends the cookies of a result to the response that its body becomes.
pub fn with_cookies<T>(result: WithCookies<T>, respond: impl FnOnce(T) -> Response) -> Response {
    let mut response = respond(result.body);
    for cookie in result.cookies {
        // `insert` would drop all cookies but the last.
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Answers a script with JSON, and a plain form with a redirect: by 303, so
/// that reloading the next page does not post again.
pub(super) fn json_or_redirect(
    is_navigation: bool,
    body: impl Serialize,
    location: &str,
) -> Response {
    if !is_navigation {
        return Json(body).into_response();
    }
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        // A control character could start a header of its own.
        Err(_) => BffError::BadRequest.into_response(),
    }
}
