//! Which request goes to which endpoint, through which layers.

use super::{callback, csrf, endpoints, forward, limits, navigation::is_navigation, record};
use crate::Bff;
use axum::{
    Router,
    extract::{Request, State},
    http::header,
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{any, get, post},
};
use confidant_wire::Problem;

/// All routes of the library.
pub(super) fn routes<S>(bff: &Bff) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .merge(endpoints(bff))
        .merge(callback(bff))
        .merge(api(bff))
        .with_state(bff.clone())
}

fn endpoints(bff: &Bff) -> Router<Bff> {
    let paths = &bff.settings().paths;
    let at = |name| paths.endpoint(name);
    // The requests that make the server call the provider.
    let recorded = Router::new()
        .route(&at("refresh"), post(endpoints::refresh))
        .route(&at("expire"), post(endpoints::expire))
        .route(&at("mediated/token"), post(endpoints::mediated_token))
        .merge(for_scripts(
            Router::new()
                .route(&at("profile"), get(endpoints::profile))
                .route(&at("validate"), get(endpoints::validate)),
        ))
        .route_layer(from_fn_with_state(bff.clone(), record::record));
    let read = for_scripts(
        Router::new()
            .route(&at("providers"), get(endpoints::providers))
            .route(&at("session"), get(endpoints::session))
            .route(&at("token"), get(endpoints::token))
            .route(&at("log"), get(endpoints::log)),
    );
    Router::new()
        .merge(recorded)
        .merge(read)
        .route(&at("login"), get(endpoints::sign_in_page))
        .route(&at("login/start"), post(endpoints::start_login))
        .route(&at("login/finish"), post(endpoints::finish_login))
        .route(&at("logout"), post(endpoints::logout))
        .route(&at("{*unknown}"), any(endpoints::not_found))
        .method_not_allowed_fallback(endpoints::method_not_allowed)
        .layer(from_fn(limits::limit))
        .layer(bff.csrf_layer())
        // Outside of the others, so that users see a page for their refusals.
        .layer(from_fn_with_state(bff.clone(), error_pages))
        .layer(bff.security_headers_layer())
}

/// Demands the CSRF header of endpoints that only scripts read: some of them call
/// the provider, and a custom header must be checked on every request (RFC 10017,
/// section 6.1.3.3.2).
fn for_scripts(router: Router<Bff>) -> Router<Bff> {
    router.route_layer(from_fn(csrf::require_header))
}

fn callback(bff: &Bff) -> Router<Bff> {
    let paths = &bff.settings().paths;
    let own = get(callback::of_provider).post(callback::of_provider);
    let mut router = Router::new().route(&format!("{}/{{provider}}", paths.callback), own);
    if paths.serve_callback {
        router = router.route(&paths.callback, get(endpoints::callback));
    }
    router
        .layer(from_fn(limits::limit))
        .layer(bff.security_headers_layer())
}

/// Forwarded requests come in thousands, and each layer costs them several
/// allocations: the handler does what the layers of other routes do.
fn api(bff: &Bff) -> Router<Bff> {
    let path = &bff.settings().paths.api;
    Router::new()
        .route(&format!("{path}/"), any(forward::forward))
        .route(&format!("{path}/{{*path}}"), any(forward::forward))
}

/// Answers navigations that fail with a page instead of JSON.
async fn error_pages(State(bff): State<Bff>, request: Request, next: Next) -> Response {
    if !is_navigation(request.headers()) {
        return next.run(request).await;
    }
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>() else {
        return response;
    };
    let mut page = bff.error_page().response(response.status(), problem);
    for name in [header::RETRY_AFTER, header::SET_COOKIE, header::ALLOW] {
        for value in response.headers().get_all(&name) {
            page.headers_mut().append(name.clone(), value.clone());
        }
    }
    page
}
