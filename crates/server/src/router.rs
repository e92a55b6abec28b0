//! The routes, and the layers around them.

use crate::{
    http::{assets, request_log},
    metrics,
    pages::{self, Sources},
};
use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use confidant_bff::{
    Bff,
    axum::{method_not_allowed, reauthenticate},
};
use leptos::prelude::LeptosOptions;
use std::path::Path;

/// Builds the whole server's router.
pub fn router(options: LeptosOptions, sources: Sources) -> Router {
    let bff = sources.bff.clone();
    let assets = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
    let site = Router::new()
        .merge(functions(&sources))
        .merge(pages(options, sources))
        .merge(operations(&bff))
        .nest("/pkg", assets::router(&assets))
        .layer(bff.security_headers_layer());
    Router::new()
        // The library's routes have their own layers.
        .merge(bff.routes())
        .merge(site)
        .layer(from_fn(request_log::log))
}

/// The server functions. Results of the fault panel's plain forms are turned
/// into redirects.
fn functions(sources: &Sources) -> Router {
    let bff = &sources.bff;
    let functions = pages::server_functions(sources)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(bff.clone(), record_action))
        .layer(from_fn(confidant_bff::axum::limit))
        .layer(bff.csrf_layer());
    #[cfg(feature = "demo")]
    let functions = functions.layer(from_fn_with_state(
        bff.error_page().clone(),
        crate::http::form_results::redirect,
    ));
    functions
}

fn pages(options: LeptosOptions, sources: Sources) -> Router {
    let bff = sources.bff.clone();
    pages::pages(options, sources)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(bff.clone(), record_action))
        .layer(from_fn_with_state(bff.clone(), reauthenticate_pages))
        .layer(from_fn(confidant_bff::axum::limit))
}

/// `GET /healthz` and `GET /metrics`.
fn operations(bff: &Bff) -> Router {
    let health = async |State(bff): State<Bff>| match bff.ready().await {
        Ok(()) => "ok".into_response(),
        Err(error) => error.into_response(),
    };
    Router::new()
        .route("/healthz", get(health))
        .with_state(bff.clone())
        .merge(metrics::routes())
}

/// Re-authenticates the user on navigations to pages that need an access token.
async fn reauthenticate_pages(state: State<Bff>, request: Request, next: Next) -> Response {
    if confidant_app::needs_tokens(request.uri().path()) {
        return reauthenticate(state, request, next).await;
    }
    next.run(request).await
}

/// Adds the browser's actions on the token to the exchange log.
async fn record_action(state: State<Bff>, request: Request, next: Next) -> Response {
    if is_action(request.method(), request.uri().path()) {
        return confidant_bff::axum::record(state, request, next).await;
    }
    next.run(request).await
}

/// Returns whether a request makes the server call the provider. The other pages,
/// the token view and the log itself do not.
fn is_action(method: &Method, path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    match (method.as_str(), parts.next(), parts.next()) {
        ("POST", Some("app"), Some(rest)) => {
            matches!(rest, "refresh" | "expire" | "mediated/token")
        }
        ("GET", Some("app"), Some(rest)) => matches!(rest, "profile" | "validate"),
        // Rendered on the server, these pages call the provider themselves.
        ("GET", Some(_), Some(page)) => {
            matches!(page, "profile" | "automatic_refresh" | "validate")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_recorded_and_views_are_not() {
        for (method, path, recorded) in [
            (Method::POST, "/app/refresh", true),
            (Method::POST, "/app/expire", true),
            (Method::POST, "/app/mediated/token", true),
            (Method::GET, "/app/profile", true),
            (Method::GET, "/app/validate", true),
            (Method::GET, "/bff/profile", true),
            (Method::GET, "/bff/automatic_refresh", true),
            (Method::GET, "/bff/manual_refresh", false),
            (Method::GET, "/bff/menu", false),
            (Method::GET, "/app/token", false),
            (Method::GET, "/app/log", false),
            (Method::POST, "/app/logout", false),
            (Method::GET, "/", false),
        ] {
            assert_eq!(is_action(&method, path), recorded, "{method} {path}");
        }
    }
}
