//! The routes and middleware.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{any, get, post},
};

use crate::{
    authorize::{consent::consent, endpoint::authorize, login::login},
    controls,
    cors::cors,
    demo, discovery, end_session,
    endpoints::endpoint,
    fault_injection::{middleware::inject_faults, without_cors::strip_cors_headers},
    introspection::{introspect::introspect, tokeninfo::tokeninfo},
    oauth::form::MAX_BODY_SIZE,
    pages::{assets, error_page::ErrorPage},
    provider::Provider,
    resource::{api, userinfo::userinfo},
    revocation::revoke,
    token::endpoint::token,
};

/// Returns the provider as an axum router, to be served over HTTP/1.
///
/// The control API needs the address of the peer. Use [`serve`](crate::serve)
/// or `into_make_service_with_connect_info::<SocketAddr>()`; otherwise it
/// rejects every request.
pub fn router(provider: Provider) -> Router {
    let demo = demo_routes();
    let demo = if provider.config().controls {
        demo.merge(controls::routes::routes())
    } else {
        demo
    };
    cors_routes(&provider)
        .merge(other_routes(&provider))
        .merge(demo)
        .fallback(async || ErrorPage::not_found())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BODY_SIZE))
        .layer(from_fn_with_state(provider.clone(), count_request))
        .with_state(provider)
}

/// Returns the routes that pages of registered origins may call.
fn cors_routes(provider: &Provider) -> Router<Provider> {
    Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(discovery::metadata),
        )
        .route(
            "/.well-known/oauth-authorization-server",
            get(discovery::metadata),
        )
        .route("/jwks", get(discovery::jwks))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo).post(userinfo))
        .route("/revoke", post(revoke))
        .route("/tokeninfo", get(tokeninfo))
        .route("/api/echo", any(api::echo))
        .route("/api/me", get(api::me))
        // Before the layers, so that they apply to preflights, whose method no
        // route has.
        .method_not_allowed_fallback(method_not_allowed)
        // Inside CORS, so that a page can tell an injected 503 from a network
        // error.
        .layer(from_fn_with_state(provider.clone(), inject_faults))
        .layer(cors(provider.clone()))
        // Outside CORS, because it removes that layer's headers.
        .layer(from_fn_with_state(provider.clone(), strip_cors_headers))
}

/// Returns the routes that browsers navigate to or servers call.
fn other_routes(provider: &Provider) -> Router<Provider> {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/login", post(login))
        .route("/consent", post(consent))
        .route("/introspect", post(introspect))
        .route(
            "/end_session",
            get(end_session::show_confirmation).post(end_session::confirm),
        )
        .layer(from_fn_with_state(provider.clone(), inject_faults))
}

fn demo_routes() -> Router<Provider> {
    Router::new()
        .route("/demo", get(demo::page))
        .route("/demo/decisions", get(demo::decisions))
        .route("/demo/requests", get(demo::requests))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/icon.svg", get(assets::icon))
}

async fn method_not_allowed() -> ErrorPage {
    ErrorPage::method_not_allowed()
}

async fn count_request(State(provider): State<Provider>, request: Request, next: Next) -> Response {
    let path = match request.uri().path() {
        "/demo" => "/demo",
        "/demo/decisions" => "/demo/decisions",
        path => endpoint(path).unwrap_or("other"),
    };
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    };
    provider.update_volatile(|state, _| state.requests.count(method, path));
    next.run(request).await
}
