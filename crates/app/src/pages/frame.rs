//! What is around a page without a client of its own: the bar and the main part.

use super::Request;
use crate::{
    clients::{self, OAuthClient},
    components::{bar::Bar, forms::Account},
};
use confidant_wire::ClientKind;
use leptos::prelude::*;

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
                <Bar path here=None providers />
                {account}
            </div>
        </header>
        <main id="main" tabindex="-1">{main.into_any()}</main>
    }
    .into_any()
}

/// Returns the client of pages without a kind.
pub(super) fn default() -> &'static dyn OAuthClient {
    clients::client(ClientKind::BFF).unwrap_or(clients::EVERY_KIND.clients[0])
}
