//! The pages of a client kind: the bar and one island.

use super::{frame::head, request::Request};
use crate::{
    actions::Content,
    api::{load, response::redirect},
    clients::{self, OAuthClient},
    components::header_bar::HeaderBar,
    fault_panel::fault_panel,
    islands::client_page::ClientPage,
    page_data::Next,
    routes::Page,
};
use confidant_wire::{ClientKind, Problem};
use leptos::prelude::*;

/// Renders the page. For the backend for frontend it makes the page's call; of a
/// token-mediating backend it knows the session, and of the other kinds only the
/// browser knows anything.
pub(super) async fn page(request: Request, kind: ClientKind, page: Page) -> AnyView {
    let demo = request.providers.iter().any(|provider| provider.faults);
    let Some(client) = clients::client(kind).filter(|_| page != Page::Faults || demo) else {
        return super::not_found::page(request);
    };
    let panel = match page {
        Page::Faults => fault_panel(kind).and_then(|panel| panel.to_json()),
        _ => None,
    };
    if page == Page::Faults && panel.is_none() {
        return super::not_found::page(request);
    }
    let content = match kind {
        ClientKind::BFF => match load::page_data(Some(kind), page).await {
            Ok(Next::Show(data)) => Content::Show(data),
            Ok(Next::GoTo(url)) => {
                redirect(303, &url);
                return ().into_any();
            }
            Err(problem) => Content::Refused(problem),
        },
        // The session is the server's, the token the page's.
        ClientKind::MEDIATED => match request.session.clone() {
            Ok(view) => match load::signed_in(view, Some(kind)) {
                Ok(_) => Content::Loading,
                Err(problem) => Content::Refused(problem),
            },
            Err(problem) => Content::Refused(problem),
        },
        _ => Content::Loading,
    };
    let head = head(status(page, &content), title(client, page, &content));
    let needs_scripts = (kind != ClientKind::BFF).then(without_scripts);
    let Request {
        path, providers, ..
    } = request;
    let choices = clients::choices(client, &providers);
    // The server's own clients need to know nothing of it in the browser.
    let settings = match kind {
        ClientKind::BFF => String::new(),
        _ => clients::provider_settings(&providers),
    };
    view! {
        {head}
        <ClientPage kind page content panel providers=choices settings>
            <HeaderBar path here=Some(kind) providers />
        </ClientPage>
        {needs_scripts}
    }
    .into_any()
}

fn status(page: Page, content: &Content) -> u16 {
    match content {
        // The panel is there for users without a session, too.
        _ if page == Page::Faults => 200,
        Content::Loading => 200,
        Content::Show(data) => data.outcome.as_ref().map_or_else(status_of, |_| 200),
        Content::Refused(problem) => status_of(problem),
    }
}

fn status_of(problem: &Problem) -> u16 {
    problem.code.status()
}

fn title(client: &'static dyn OAuthClient, page: Page, content: &Content) -> &'static str {
    match content {
        Content::Loading => client.descriptor().name,
        Content::Refused(problem) if status_of(problem) == 401 && page != Page::Faults => {
            "Sign in first"
        }
        Content::Show(_) | Content::Refused(_) => page.title(),
    }
}

/// What stands below a page whose client cannot run.
fn without_scripts() -> impl IntoView {
    view! {
        <noscript>
            <div class="notice">
                <div class="sheet problem" role="alert">
                    <p>
                        "This client is a program in your browser, and your browser runs no \
                         scripts on this page. Switch them on, or take the kind that needs none: "
                        <a href=Page::Menu.path(ClientKind::BFF)>"backend for frontend"</a> "."
                    </p>
                </div>
            </div>
        </noscript>
    }
}

#[cfg(test)]
mod tests;
