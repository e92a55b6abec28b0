//! The Leptos application: its pages, and the server functions as endpoints.

use app::{App, PageSettings, shell};
use axum::{
    Router,
    extract::Request,
    http::Method,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use bff::{
    Bff,
    settings::{Endpoints, ProviderSettings},
};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list, handle_server_fns_with_context};
use std::collections::BTreeSet;
use url::Url;

/// What pages and server functions find in their context.
#[derive(Clone)]
pub struct Context {
    /// The confidential client.
    pub bff: Bff,
    /// What pages need to know of the deployment.
    pub page: PageSettings,
}

impl Context {
    fn provide(&self) {
        provide_context(self.bff.clone());
        provide_context(self.page.clone());
    }
}

/// The pages, with the application's own page for paths that lead nowhere.
pub fn pages(options: LeptosOptions, context: Context) -> Router {
    let routes = generate_route_list(App);
    let provide = move || context.provide();
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(&options, routes, provide.clone(), document.clone())
        .fallback(leptos_axum::render_app_async_with_context(
            provide, document,
        ))
        .with_state(options)
}

/// The server functions under `/auth`, each at its path, by its method.
pub fn endpoints(context: &Context) -> Router {
    leptos::server_fn::axum::server_fn_paths()
        .filter(|(path, _)| path.starts_with("/auth/"))
        .filter_map(|(path, method)| Some((path, MethodFilter::try_from(method).ok()?)))
        .fold(Router::new(), |router, (path, method)| {
            let context = context.clone();
            router.route(path, on(method, |request| call(context, request)))
        })
}

async fn call(context: Context, mut request: Request) -> Response {
    // A function is looked up by its method. What HEAD asks for is GET's.
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    let provide = move || context.provide();
    handle_server_fns_with_context(provide, request)
        .await
        .into_response()
}

/// The origins that a sign-in form leads to by way of our redirect. Browsers
/// hold the whole chain against a page's `form-action`.
pub fn form_action_origins(providers: &[ProviderSettings]) -> Vec<String> {
    let origin = |provider: &ProviderSettings| match &provider.endpoints {
        Endpoints::Discover(issuer) => Some(Url::parse(issuer).ok()?.origin()),
        Endpoints::Fixed(fixed) => Some(fixed.authorization_endpoint.origin()),
    };
    let origins: BTreeSet<String> = providers
        .iter()
        .filter_map(origin)
        .map(|origin| origin.ascii_serialization())
        .collect();
    origins.into_iter().collect()
}
