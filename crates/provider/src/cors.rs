//! CORS.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header, request::Parts};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::provider::Provider;

/// Allows pages of the registered origins to read responses (RFC 10017 section
/// 6.3.3.4). Never allows credentials: these endpoints authenticate requests by
/// tokens, not cookies.
pub(crate) fn cors(provider: Provider) -> CorsLayer {
    let registered = move |origin: &HeaderValue, _: &Parts| {
        let clients = &provider.config().clients;
        let mut origins = clients.iter().flat_map(|client| &client.origins);
        origins.any(|own| own.as_bytes() == origin.as_bytes())
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(registered))
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            HeaderName::from_static("dpop-nonce"),
        ])
        .max_age(Duration::from_secs(600))
}
