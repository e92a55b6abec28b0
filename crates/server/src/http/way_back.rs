//! The silent way back: a navigation whose session needs new tokens is led
//! past the provider first, which asks nobody, and then to where it wanted to go.

use super::navigation;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use confidant_app::routes::Route;
use confidant_bff::{Bff, Visit};

/// Leads the navigation past the provider, where that is needed.
pub async fn lead(State(bff): State<Bff>, request: Request, next: Next) -> Response {
    if !needs_tokens(&request) {
        return next.run(request).await;
    }
    let visit = Visit::from_headers(request.headers());
    let return_to = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    match bff.way_back(&visit, return_to).await {
        Ok(Some(answer)) => match HeaderValue::from_str(&answer.body.authorization_url) {
            Ok(location) => {
                let mut response = StatusCode::SEE_OTHER.into_response();
                let headers = response.headers_mut();
                headers.insert(header::LOCATION, location);
                for cookie in answer.cookies {
                    headers.append(header::SET_COOKIE, cookie);
                }
                response
            }
            Err(_) => next.run(request).await,
        },
        // The page tells of whatever stands in the way.
        Ok(None) | Err(_) => next.run(request).await,
    }
}

/// Whether this is a navigation to a page that needs the server's tokens.
fn needs_tokens(request: &Request) -> bool {
    request.method() == Method::GET
        && Route::at(request.uri().path()).is_some_and(Route::needs_server_tokens)
        && navigation::is_navigation(request.headers())
}
