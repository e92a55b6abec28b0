//! Which path leads where.

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
    faults::{middleware::inject_faults, without_cors::strip_cors_headers},
    introspection::{introspect::introspect, tokeninfo::tokeninfo},
    pages::{assets, error_page::ErrorPage},
    provider::Provider,
    resource::{api, userinfo::userinfo},
    revocation::revoke,
    token::endpoint::token,
};

/// The largest body that any endpoint reads, in bytes.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;

/// The provider as a service. It speaks HTTP/1 on whatever it is served on.
///
/// The control API, if configured, answers only where the peer's address is
/// known: serve it by [`serve`](crate::serve), or as a service made with
/// `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(provider: Provider) -> Router {
    let for_scripts = Router::new()
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
        // Before the layer: a preflight is a method that no route knows.
        .method_not_allowed_fallback(method_not_allowed)
        // Inside CORS, so that a page can tell a 503 from no network at all.
        .layer(from_fn_with_state(provider.clone(), inject_faults))
        .layer(cors(provider.clone()))
        // Around CORS, because what it takes away are that layer's headers.
        .layer(from_fn_with_state(provider.clone(), strip_cors_headers));
    // No CORS here: what these answer is for people and servers.
    let others = Router::new()
        .route("/authorize", get(authorize))
        .route("/login", post(login))
        .route("/consent", post(consent))
        .route("/introspect", post(introspect))
        .route(
            "/end_session",
            get(end_session::show_confirmation).post(end_session::confirm),
        )
        .layer(from_fn_with_state(provider.clone(), inject_faults));
    let demo = Router::new()
        .route("/demo", get(demo::page))
        .route("/demo/decisions", get(demo::decisions))
        .route("/demo/requests", get(demo::requests))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/icon.svg", get(assets::icon));
    let demo = match provider.config().controls {
        true => demo.merge(controls::routes::routes()),
        false => demo,
    };
    for_scripts
        .merge(others)
        .merge(demo)
        .fallback(async || ErrorPage::not_found())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(provider.clone(), count))
        .with_state(provider)
}

async fn method_not_allowed() -> ErrorPage {
    ErrorPage::method_not_allowed()
}

async fn count(State(provider): State<Provider>, request: Request, next: Next) -> Response {
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
    provider.note(|state, _| state.requests.count(method, path));
    next.run(request).await
}
