//! Silent re-authentication of navigations.

use super::navigation::is_navigation;
use crate::Bff;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::response::with_cookies;

/// A middleware for pages that need a session's tokens. When these can only be
/// obtained by authorizing once more, it redirects the navigation to the
/// provider with `prompt=none` (OpenID Connect Core 1.0, section 3.1.2.1), and
/// the provider redirects it back to the page.
///
/// ```no_run
/// # use axum::{Router, routing::get, middleware::from_fn_with_state};
/// # fn pages(bff: confidant_bff::Bff) -> Router {
/// Router::new()
///     .route("/orders", get(async || "…"))
///     .layer(from_fn_with_state(bff, confidant_bff::axum::reauthenticate))
/// # }
/// ```
pub async fn reauthenticate(State(bff): State<Bff>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET || !is_navigation(request.headers()) {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query();
    let return_to = path.map_or("/", |path| path.as_str());
    let started = bff
        .silent_reauthentication(request.headers(), return_to)
        .await;
    // The page reports what stands in the way.
    let Ok(Some(started)) = started else {
        return next.run(request).await;
    };
    let Ok(location) = HeaderValue::from_str(&started.body.authorization_url) else {
        return next.run(request).await;
    };
    with_cookies(started, |_| {
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    })
}
