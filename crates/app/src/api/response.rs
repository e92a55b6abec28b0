//! The status and the headers of the answer.

use confidant_bff::WithCookies;
use confidant_wire::Problem;
use http::{
    HeaderValue, StatusCode,
    header::{LOCATION, RETRY_AFTER, SET_COOKIE},
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Sets cookies and returns the body that comes with them.
pub(crate) fn set_cookies<T>(WithCookies { body, cookies }: WithCookies<T>) -> T {
    if let Some(response) = use_context::<ResponseOptions>() {
        for cookie in cookies {
            // Insert would drop all cookies but the last.
            response.append_header(SET_COOKIE, cookie);
        }
    }
    body
}

/// Sets the status that goes with a problem, and when to try again.
pub(crate) fn set_problem_status(problem: &Problem) {
    set_status(problem.code.status());
    if let (Some(response), Some(seconds)) = (use_context::<ResponseOptions>(), problem.retry_after)
    {
        response.insert_header(RETRY_AFTER, seconds.into());
    }
}

/// Sets the status of the answer.
pub(crate) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}

/// Redirects, with this status. Leptos's own redirect reaches only browsers;
/// this one also reaches programs.
pub(crate) fn redirect(status: u16, location: &str) {
    set_status(status);
    let response = use_context::<ResponseOptions>();
    if let (Some(response), Ok(location)) = (response, HeaderValue::from_str(location)) {
        response.insert_header(LOCATION, location);
    }
}
