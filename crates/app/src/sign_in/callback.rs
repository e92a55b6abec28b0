//! Where the provider sends the browser back to.
//!
//! The page only posts on what the redirect carried. Exchanging the code
//! while rendering would give a GET an effect, and the Strict cookie that
//! binds the sign-in to this browser does not come with a redirect from
//! another site: it comes with a request from our own page.

use crate::{
    browser,
    client::{AuthorizationResponse, Client, Deed},
    desk::{Desk, client_here},
    problem::{self, ProblemView},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};

/// `/callback`, and `/{kind}/callback` of kinds with one of their own.
#[component]
pub(crate) fn Callback() -> impl IntoView {
    let desk = use_context::<Desk>();
    let client = client_here(&use_location().pathname.get_untracked());
    let query = use_query_map().get_untracked();
    let response = AuthorizationResponse {
        code: query.get("code"),
        state: query.get("state"),
        iss: query.get("iss"),
        error: query.get("error"),
    };
    let fields: Vec<_> = [
        ("code", &response.code),
        ("state", &response.state),
        ("iss", &response.iss),
        ("error", &response.error),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = value.clone()?;
        Some(view! { <input type="hidden" name=name value=value /> })
    })
    .collect();
    Effect::new(move || {
        if let Some(desk) = desk {
            finish(desk, client, response.clone());
        }
    });
    let problem = move || desk.and_then(|desk| desk.problem.get());
    let headline = move || problem().as_ref().map_or("One more step", problem::title);
    view! {
        <Title text="Signing in" />
        <h1>{headline}</h1>
        <div hidden=move || problem().is_some()>
            <p class="soft">
                "The provider sent you back with a code. This page hands it to the server, \
                 which trades it for tokens with a secret that only the server has."
            </p>
            <form method="post" action=client.form(Deed::Finish)>
                {fields}
                <button class="primary">"Continue"</button>
            </form>
        </div>
        {move || problem().map(|problem| view! { <ProblemView problem heading=false /> })}
    }
    .into_any()
}

fn finish(desk: Desk, client: &'static dyn Client, response: AuthorizationResponse) {
    if !desk.begin(Deed::Finish) {
        return;
    }
    spawn_local(async move {
        match client.finish(response).await {
            // The code must not stay in the history.
            Ok(finished) => browser::replace_by(&finished.return_to),
            Err(problem) => desk.fail(problem),
        }
    });
}
