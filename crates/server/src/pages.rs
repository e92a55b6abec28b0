//! The Leptos application: its pages, and its server functions as endpoints.

use axum::{
    Router,
    extract::Request,
    http::{Method, header},
    response::{IntoResponse, Response},
    routing::{MethodFilter, get, on},
};
use confidant_app::{PageSettings, faults::SharedFaultControls, routes, shell};
use confidant_bff::{Bff, BffError};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::handle_server_fns_with_context;

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

/// The pages. The application decides what a path leads to, and renders a page
/// for paths that lead nowhere.
pub fn pages(options: LeptosOptions, sources: Sources) -> Router {
    // Leptos runs its tasks where the server does. An error says that it does so
    // already.
    let _ = any_spawner::Executor::init_tokio();
    // The server renders the pages of every client kind.
    confidant_app::link(&confidant_app::EVERY_KIND);
    let context = sources.clone();
    let page = leptos_axum::render_app_async_with_context(
        move || provide(&context),
        move || shell(options.clone()),
    );
    Router::new()
        .route(
            routes::SERVICE_WORKER,
            get(async move || service_worker(&sources).await),
        )
        .fallback(get(page))
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

/// The server functions, each at its path, by its method. Those that control the
/// demo provider exist only with the demo.
pub fn server_functions(sources: &Sources) -> Router {
    leptos::server_fn::axum::server_fn_paths()
        .filter(|(path, _)| !path.starts_with(routes::DEMO_FUNCTIONS) || sources.controls.is_some())
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
