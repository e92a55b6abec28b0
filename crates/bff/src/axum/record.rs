//! The browser's requests in the exchange log.

use crate::Bff;
use axum::{
    body::HttpBody as _,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

/// Records the request, and how it was answered.
pub async fn record(State(bff): State<Bff>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let exchange = bff
        .record_browser_request(request.headers(), method, path)
        .await;
    let response = next.run(request).await;
    if let Some(exchange) = exchange {
        let bytes = response.body().size_hint().exact();
        exchange.finish(response.status().as_u16(), bytes);
    }
    response
}
