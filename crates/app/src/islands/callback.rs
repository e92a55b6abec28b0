//! The page that the provider redirects to, as an island: it passes the
//! authorization response on. By itself the page has no effect: exchanging the
//! code while rendering would give a GET an effect, and the Strict cookie that
//! binds the sign-in to this browser does not come with a redirect from another
//! site. It comes with a request of our own page.

use crate::{
    browser,
    clients::{self, AuthorizationResponse},
    components::problem::{ProblemNotice, title},
};
use confidant_wire::ClientKind;
use leptos::{prelude::*, task::spawn_local};

/// Passes the response on. The children are the page without scripts: a form
/// with the same parameters. `own` is whether the address is the kind's own;
/// `settings` are the providers for clients in the browser, as JSON.
#[island]
pub fn Callback(
    kind: ClientKind,
    own: bool,
    settings: String,
    children: Children,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    Effect::new(move || {
        clients::set_providers(settings.clone());
        let Some(client) = clients::client(kind) else {
            return;
        };
        spawn_local(async move {
            match client.finish(response()).await {
                // The back button must not lead to a code that was used.
                Ok(path) => browser::replace_by(&path),
                Err(error) => problem.set(Some(error)),
            }
        });
    });
    let failed = move || {
        let problem = problem.get()?;
        let kind = own.then_some(kind);
        Some(view! {
            <h1>{title(&problem)}</h1>
            <ProblemNotice problem heading=false kind />
        })
    };
    view! {
        {failed}
        <div hidden=move || problem.with(Option::is_some)>{children()}</div>
    }
}

/// Reads the response from the page's address. It is not among the island's
/// properties, because those stand in the page's markup.
fn response() -> AuthorizationResponse {
    AuthorizationResponse {
        code: browser::query_parameter("code"),
        state: browser::query_parameter("state"),
        iss: browser::query_parameter("iss"),
        error: browser::query_parameter("error"),
        error_description: browser::query_parameter("error_description"),
        callback: browser::query_parameter("callback"),
    }
}
