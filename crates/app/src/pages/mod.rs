//! The pages, as the server renders them. A new page is a file here, a line in
//! [`page`] and its path in `routes`.

mod callback;
mod client_page;
mod compare;
mod frame;
mod not_found;
mod recheck;
mod start;

use crate::{
    api::request::{backend, providers, redirect, set_status},
    routes::Route,
};
use confidant_wire::{ClientKind, Problem, ProviderView, SessionView};
use http::request::Parts;
use leptos::prelude::*;
use leptos_meta::Title;

/// What a page is rendered from.
pub(crate) struct Request {
    /// The path.
    path: String,
    /// The query, without its question mark.
    query: String,
    /// The providers on offer.
    providers: Vec<ProviderView>,
    /// The session at the server.
    session: Result<SessionView, Problem>,
}

/// Renders the page of a route.
pub(crate) async fn page(route: Option<Route>, path: String) -> AnyView {
    let request = Request::read(path).await;
    // A client that runs in the browser has no session at the server.
    let at_server = !matches!(route, Some(Route::Client(kind, _)) if !kind.is_confidential());
    if at_server && let Some(page) = recheck::page(&request, route) {
        return page;
    }
    match route {
        Some(Route::Start) => start::page(request),
        Some(Route::Client(kind, page)) => client_page::page(request, kind, page).await,
        Some(Route::Compare) => compare::page(request),
        Some(Route::Callback(kind)) => callback::page(request, kind),
        Some(Route::Bare(page)) => {
            redirect(307, &page.path(ClientKind::BFF));
            ().into_any()
        }
        None => not_found::page(request),
    }
}

impl Request {
    async fn read(path: String) -> Self {
        let query = use_context::<Parts>()
            .and_then(|parts| parts.uri.query().map(str::to_owned))
            .unwrap_or_default();
        let (providers, session) = match backend() {
            Ok((bff, headers)) => {
                let session = bff.session_view(&headers).await;
                let session = session.map_err(|error| error.report());
                (providers(&bff), session)
            }
            Err(problem) => (Vec::new(), Err(problem)),
        };
        Self {
            path,
            query,
            providers,
            session,
        }
    }
}

/// Sets the answer's status and the window's title.
fn head(status: u16, title: &'static str) -> impl IntoView {
    set_status(status);
    view! { <Title text=title /> }
}
