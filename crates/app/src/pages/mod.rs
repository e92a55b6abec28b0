//! The pages, as the server renders them. A new page is a file here, a line in
//! [`page`] and its path in `routes`.

mod callback;
mod client_page;
mod compare;
mod frame;
mod not_found;
mod recheck;
mod request;
mod start;

use crate::{api::response::redirect, routes::Route};
use confidant_wire::ClientKind;
use leptos::prelude::*;
use request::Request;

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
