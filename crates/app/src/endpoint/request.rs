//! The request behind a server function, and its answer's headers.

use super::Failure;
use confidant_bff::{Answer, Bff, RequestCookies};
use confidant_wire::{Code, Problem};
use http::{
    StatusCode,
    header::{RETRY_AFTER, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// The client to ask, and what the browser brought along.
pub(super) fn visitor() -> Result<(Bff, RequestCookies), Failure> {
    let bff = use_context::<Bff>();
    let parts = use_context::<Parts>();
    match (bff, parts) {
        (Some(bff), Some(parts)) => Ok((bff, RequestCookies::from_headers(&parts.headers))),
        _ => Err(Failure(Problem::new(
            Code::Internal,
            "The server was put together without its client.",
        ))),
    }
}

/// Sets the answer's cookies and hands on its body.
pub(super) fn deliver<T>(answer: Result<Answer<T>, Problem>) -> Result<T, Failure> {
    let Answer { body, cookies } = answer?;
    if let Some(response) = use_context::<ResponseOptions>() {
        for cookie in cookies {
            // Insert would drop all cookies but the last.
            response.append_header(SET_COOKIE, cookie);
        }
    }
    Ok(body)
}

/// Sets the status that goes with a problem, and when to try again.
pub(super) fn tell(problem: &Problem) {
    set_status(problem.code.status());
    if let (Some(response), Some(seconds)) = (use_context::<ResponseOptions>(), problem.retry_after)
    {
        response.insert_header(RETRY_AFTER, seconds.into());
    }
}

/// Sets the status of the answer under way.
pub(crate) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}
