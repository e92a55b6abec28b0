//! The request behind a server function, and the headers of its answer.

use super::Failure;
use confidant_bff::{Bff, BffError, Session, WithCookies};
use confidant_wire::{Code, Problem};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{RETRY_AFTER, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

impl Failure {
    /// Logs an error of the library and keeps what the user may be told.
    pub(super) fn of(error: BffError) -> Self {
        Self(error.report())
    }
}

/// Returns the library, and the headers of the request.
pub(super) fn backend() -> Result<(Bff, HeaderMap), Failure> {
    let bff = use_context::<Bff>();
    let parts = use_context::<Parts>();
    match (bff, parts) {
        (Some(bff), Some(parts)) => Ok((bff, parts.headers)),
        _ => Err(Failure(Problem::new(
            Code::Internal,
            "The server was put together without its client.",
        ))),
    }
}

/// Returns the session of the request.
pub(super) async fn session() -> Result<Session, Failure> {
    let (bff, headers) = backend()?;
    let session = bff.session(&headers).await.map_err(Failure::of)?;
    session.ok_or_else(|| Failure::of(BffError::NotSignedIn))
}

/// Sets the cookies of a result and returns its body.
pub(super) fn deliver<T>(result: Result<WithCookies<T>, BffError>) -> Result<T, Failure> {
    let WithCookies { body, cookies } = result.map_err(Failure::of)?;
    set_cookies(cookies);
    Ok(body)
}

/// Appends cookies to the answer.
pub(super) fn set_cookies(cookies: Vec<HeaderValue>) {
    if let Some(response) = use_context::<ResponseOptions>() {
        for cookie in cookies {
            // Insert would drop all cookies but the last.
            response.append_header(SET_COOKIE, cookie);
        }
    }
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
