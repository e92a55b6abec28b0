//! The handler of forwarded API requests.

use super::{csrf, headers};
use crate::{Bff, forward::refuse_websocket};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};

/// Forwards a request as it comes: its path is not decoded on the way.
pub(super) async fn forward(State(bff): State<Bff>, request: Request) -> Response {
    let mut response = answer(&bff, request).await;
    headers::complete_api(response.headers_mut(), bff.is_https());
    response
}

async fn answer(bff: &Bff, request: Request) -> Response {
    // First, so that a developer who tries is told what is wrong: a browser
    // cannot add the CSRF header to the request for a WebSocket.
    if let Err(error) = refuse_websocket(request.headers()) {
        return crate::BffError::from(error).into_response();
    }
    if let Err(error) = csrf::check_api_request(request.headers(), &bff.public_origin()) {
        return error.into_response();
    }
    match bff.forward(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) => error.into_response(),
    }
}
