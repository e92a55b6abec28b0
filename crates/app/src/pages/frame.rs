//! What is around a page: its status and title, and the bar and the main part of
//! pages without a client of their own.

use super::request::Request;
use crate::{
    api::response::set_status,
    clients::{self, OAuthClient},
    components::{account::Account, header_bar::HeaderBar},
    frontends::EVERY_KIND,
};
use confidant_wire::ClientKind;
use leptos::prelude::*;
use leptos_meta::Title;

/// Renders the bar, with the user of the server's session, and the main part.
pub(super) fn framed(request: &Request, main: impl IntoView) -> AnyView {
    let (path, providers) = (request.path.clone(), request.providers.clone());
    let session = request.session.as_ref().ok();
    let session = session.and_then(|view| view.session.clone());
    let account = session.map(|session| {
        let client: &'static dyn OAuthClient = clients::client(session.kind).unwrap_or(default());
        view! { <Account client user=session.name /> }
    });
    view! {
        <header>
            <div class="bar">
                <HeaderBar path here=None providers />
                {account}
            </div>
        </header>
        <main id="main" tabindex="-1">{main.into_any()}</main>
    }
    .into_any()
}

/// Returns the client of pages without a kind.
pub(super) fn default() -> &'static dyn OAuthClient {
    clients::client(ClientKind::BFF).unwrap_or(EVERY_KIND.clients[0])
}

/// Sets the answer's status and the window's title.
pub(super) fn head(status: u16, title: &'static str) -> impl IntoView {
    set_status(status);
    view! { <Title text=title /> }
}
