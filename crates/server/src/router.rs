//! Which request goes where, and through which layers.

use crate::http::{
    answer,
    api::Api,
    assets, csrf,
    forms::{self, ProblemPage},
    frame::{self, Frame},
    limits,
};
use axum::{
    Router,
    extract::Request,
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::any,
};
use confidant_wire::{Code, Problem};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tower::ServiceExt;
use tower_http::csrf::{ConfigError, CsrfLayer, ProtectionError};
use url::Url;

/// What the router is put together from.
pub struct Parts {
    /// Where people reach the application.
    pub public_url: Url,
    /// The endpoints under `/auth` and the server functions under `/app`, by their
    /// whole paths.
    pub endpoints: Router,
    /// Forwards calls to APIs.
    pub api: Api,
    /// The pages, with one for paths that lead nowhere as fallback.
    pub pages: Router,
    /// Answers `GET /healthz` and `GET /metrics`.
    pub health: Router,
    /// The folder with scripts, WebAssembly and styles.
    pub assets: PathBuf,
    /// Draws the page that tells of a problem.
    pub problem_page: ProblemPage,
    /// How long an answer may take to begin.
    pub time_limit: Duration,
}

/// The whole server.
///
/// # Errors
/// When `public_url` has no origin that a browser would name.
pub fn router(parts: Parts) -> Result<Router, ConfigError> {
    let own_origin: Arc<str> = parts.public_url.origin().ascii_serialization().into();
    let in_time = from_fn_with_state(parts.time_limit, limits::time);
    // Two checks with one aim: the library's, and ours, which asks programs
    // and scripts for a header as well.
    let same_origin = CsrfLayer::new()
        .add_trusted_origin(&own_origin)?
        .with_rejection_response(|_: ProtectionError| {
            answer::problem(&Problem::new(
                Code::CrossSite,
                "This request came from another site.",
            ))
        });
    let endpoints = parts
        .endpoints
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(in_time.clone())
        .layer(from_fn(limits::body))
        .layer(from_fn_with_state(own_origin.clone(), csrf::guard))
        .layer(same_origin)
        // Outermost, so that people see a page for every refusal above.
        .layer(from_fn_with_state(parts.problem_page, forms::pages));
    let frame = Frame {
        // No limits here: an API has its own, and its answers come as they come.
        api: parts.api,
        own_origin,
        https: parts.public_url.scheme() == "https",
    };
    let pages = parts
        .pages
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(in_time);
    Ok(Router::new()
        .route("/app/{*path}", {
            let endpoints = endpoints.clone();
            any(|request| hand_to(endpoints, request))
        })
        .route("/auth/{*path}", any(|request| hand_to(endpoints, request)))
        .merge(parts.health)
        .nest("/pkg", assets::router(&parts.assets))
        .fallback(|request| hand_to(pages, request))
        .layer(from_fn_with_state(Arc::new(frame), frame::around)))
}

/// A router as a handler: unlike a nested one, it sees the whole path.
async fn hand_to(router: Router, request: Request) -> Response {
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
