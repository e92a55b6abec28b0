//! Which path leads where.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{any, get, post},
};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::{
    authorize::{consent::consent, endpoint::authorize, login::login},
    controls, demo, discovery, end_session,
    endpoints::endpoint,
    faults::layer::faults,
    inspection::{introspect::introspect, revoke::revoke, tokeninfo::tokeninfo},
    pages::{assets, problem::Problem},
    provider::Provider,
    resource::{api, userinfo::userinfo},
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
        .route("/api/echo", any(api::echo))
        .route("/api/me", get(api::me))
        // Before the layer: a preflight is a method that no route knows.
        .method_not_allowed_fallback(method_not_allowed)
        // Inside CORS, so that a page can tell a 503 from no network at all.
        .layer(from_fn_with_state(provider.clone(), faults))
        .layer(cors(provider.clone()));
    // No CORS here: what these answer is for people and servers.
    let others = Router::new()
        .route("/authorize", get(authorize))
        .route("/login", post(login))
        .route("/consent", post(consent))
        .route("/introspect", post(introspect))
        .route("/tokeninfo", get(tokeninfo))
        .route(
            "/end_session",
            get(end_session::ask).post(end_session::answer),
        )
        .layer(from_fn_with_state(provider.clone(), faults));
    let demo = Router::new()
        .route("/demo", get(demo::page))
        .route("/demo/decisions", get(demo::decisions))
        .route("/demo/requests", get(demo::requests))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/icon.svg", get(assets::icon));
    let demo = match provider.config().controls {
        true => demo.merge(controls::endpoints::routes()),
        false => demo,
    };
    for_scripts
        .merge(others)
        .merge(demo)
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(provider.clone(), count))
        .with_state(provider)
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed()
}

/// The origins of registered clients, and nobody else, may read answers
/// (RFC 10017 section 6.3.3.4). Never with credentials: a token is all that
/// counts here, a cookie must not.
fn cors(provider: Provider) -> CorsLayer {
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
