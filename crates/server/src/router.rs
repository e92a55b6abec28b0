//! The routes, and the layers around them.

use crate::{
    http::{assets, form_results, request_log},
    operator,
    pages::{self, Sources},
};
use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::any,
};
use confidant_app::routes::Route;
use confidant_bff::{
    Bff,
    axum::{method_not_allowed, not_found, reauthenticate},
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
        .merge(operator::liveness())
        .nest("/pkg", assets::router(&assets))
        .layer(bff.security_headers_layer());
    Router::new()
        // The library's routes have their own layers.
        .merge(bff.routes())
        .merge(site)
        .layer(from_fn(request_log::log))
}

/// The server functions. The results of plain forms are turned into redirects.
fn functions(sources: &Sources) -> Router {
    let bff = &sources.bff;
    pages::server_functions(sources)
        .route("/app/{*unknown}", any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(bff.clone(), record_action))
        .layer(from_fn(confidant_bff::axum::limit))
        .layer(bff.csrf_layer())
        // Outside of the others, so that users see a page for their refusals.
        .layer(from_fn_with_state(
            bff.error_page().clone(),
            form_results::redirect,
        ))
}

fn pages(options: LeptosOptions, sources: Sources) -> Router {
    let bff = sources.bff.clone();
    pages::pages(options, sources)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(bff.clone(), record_action))
        .layer(from_fn_with_state(bff.clone(), reauthenticate_pages))
        .layer(from_fn(confidant_bff::axum::limit))
}

/// Re-authenticates the user on navigations to pages that need an access token.
async fn reauthenticate_pages(state: State<Bff>, request: Request, next: Next) -> Response {
    let route = Route::at(request.uri().path());
    if route.is_some_and(Route::needs_server_tokens) {
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
        ("POST", Some("app"), Some(function)) => matches!(
            function,
            "refresh_token" | "expire_and_call" | "fetch_profile" | "validate_token"
        ),
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
            (Method::POST, "/app/refresh_token", true),
            (Method::POST, "/app/expire_and_call", true),
            (Method::POST, "/app/fetch_profile", true),
            (Method::POST, "/app/validate_token", true),
            (Method::POST, "/app/view_token", false),
            (Method::POST, "/app/sign_out", false),
            (Method::GET, "/bff/profile", true),
            (Method::GET, "/bff/automatic_refresh", true),
            (Method::GET, "/bff/manual_refresh", false),
            (Method::GET, "/bff/menu", false),
            (Method::GET, "/", false),
        ] {
            assert_eq!(is_action(&method, path), recorded, "{method} {path}");
        }
    }
}
