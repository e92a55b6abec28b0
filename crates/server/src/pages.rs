//! The Leptos application: its pages, and the server functions as endpoints.

use axum::{
    Router,
    extract::Request,
    http::{Method, header},
    response::{IntoResponse, Response},
    routing::{MethodFilter, get, on},
};
use confidant_app::{App, PageSettings, faults::SharedFaultControls, shell};
use confidant_bff::{Bff, BffError};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions,
    handle_server_fns_with_context,
};
use std::sync::LazyLock;

/// The pages' paths, found once: while Leptos looks for them, no page in the
/// whole process can be read, and one that is being drawn would hang.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    // Server functions have layers of their own: they are routed apart.
    let functions = leptos::server_fn::axum::server_fn_paths();
    let functions = functions.map(|(path, _)| path.to_owned()).collect();
    generate_route_list_with_exclusions(App, Some(functions))
});

/// What pages and server functions ask.
#[derive(Clone)]
pub struct Sources {
    /// The confidential client.
    pub bff: Bff,
    /// What can be made to go wrong; none but in the demo.
    pub controls: Option<SharedFaultControls>,
}

/// What pages and server functions find in their context.
fn provide(Sources { bff, controls }: &Sources) {
    provide_context(bff.clone());
    if let Some(controls) = controls {
        provide_context(controls.clone());
    }
    // Asked for each page: the first sign-in may have taught us more.
    provide_context(PageSettings {
        form_action_origins: bff.authorization_origins(),
        connect_origins: bff.page_origins(),
        own_frames: controls.is_some(),
    });
}

/// The pages, with the application's own page for paths that lead nowhere.
pub fn pages(options: LeptosOptions, sources: Sources) -> Router {
    let routes = ROUTES.clone();
    let context = sources.clone();
    let provide = move || provide(&context);
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let worker = sources;
    Router::new()
        .route(
            confidant_app::SERVICE_WORKER,
            get(async move || service_worker(&worker).await),
        )
        .leptos_routes_with_context(&options, routes, provide.clone(), document.clone())
        .fallback(leptos_axum::render_app_async_with_context(
            provide, document,
        ))
        .with_state(options)
}

/// The service worker of the kind that has one. It has the policy of its own
/// answer: it speaks to the provider and the APIs, and to nobody else.
async fn service_worker(sources: &Sources) -> Response {
    let bff = &sources.bff;
    let origin = bff.public_origin();
    let Some(script) = confidant_app::service_worker(bff.providers(), &origin) else {
        return BffError::NotFound.into_response();
    };
    let policy = format!(
        "default-src 'none'; connect-src {}",
        bff.page_origins().join(" ")
    );
    (
        [
            (header::CONTENT_TYPE, "text/javascript".to_owned()),
            (header::CACHE_CONTROL, "no-cache".to_owned()),
            (header::CONTENT_SECURITY_POLICY, policy),
        ],
        script,
    )
        .into_response()
}

/// The server functions, each at its path, by its method. Those of the demo's
/// controls are there when there is something to control.
pub fn server_functions(sources: &Sources) -> Router {
    leptos::server_fn::axum::server_fn_paths()
        .filter(|(path, _)| path.starts_with("/app/") || sources.controls.is_some())
        .filter_map(|(path, method)| Some((path, MethodFilter::try_from(method).ok()?)))
        .fold(Router::new(), |router, (path, method)| {
            let sources = sources.clone();
            router.route(path, on(method, |request| call(sources, request)))
        })
}

async fn call(sources: Sources, mut request: Request) -> Response {
    // A function is looked up by its method. What HEAD asks for is GET's.
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    let provide = move || provide(&sources);
    handle_server_fns_with_context(provide, request)
        .await
        .into_response()
}
