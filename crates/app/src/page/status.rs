//! The status with which a page is answered.

/// Answers the page under way with this status; with 303 or 307, leads on to
/// `location`. The framework's own redirect tells browsers only: this tells
/// curl too.
pub(super) fn set(status: u16, location: Option<&str>) {
    use http::{HeaderValue, header::LOCATION};
    use leptos::prelude::use_context;

    crate::endpoint::set_status(status);
    let response = use_context::<leptos_axum::ResponseOptions>();
    let location = location.and_then(|location| HeaderValue::from_str(location).ok());
    if let (Some(response), Some(location)) = (response, location) {
        response.insert_header(LOCATION, location);
    }
}
