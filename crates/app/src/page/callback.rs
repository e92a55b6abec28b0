//! Where the provider sends the browser back to.
//!
//! The page only posts on what the redirect carried. Exchanging the code
//! while rendering would give a GET an effect, and the Strict cookie that
//! binds the sign-in to this browser does not come with a redirect from
//! another site: it comes with a request from our own page.

use super::Shown;
use crate::{
    client::{self, AuthorizationResponse, Client, Deed},
    desk::Desk,
    form, part, problem,
};
use confidant_wire::{ClientKind, Problem};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use maud::{Markup, html};

/// Where the server's clients are sent back to.
const PATH: &str = "/callback";

/// Whether a path is one that a provider sends the browser back to.
#[cfg(feature = "draw")]
pub(crate) fn is_callback(path: &str) -> bool {
    path == PATH || client::kind_of(path).is_some_and(|kind| path == format!("/{kind}{PATH}"))
}

/// `/callback`, and `/{kind}/callback` of kinds with one of their own.
#[component]
pub(crate) fn Callback() -> impl IntoView {
    let Some(desk) = use_context::<Desk>() else {
        return ().into_any();
    };
    let path = use_location().pathname.get_untracked();
    if path != PATH && client::kind_of(&path).is_none() {
        // Of no kind that there is.
        return view! { <Shown /> }.into_any();
    }
    let client = client::here(&path);
    // Unknown at the address that the server's clients share.
    let kind = client::kind_of(&path);
    let query = use_query_map().get_untracked();
    let response = AuthorizationResponse {
        code: query.get("code"),
        state: query.get("state"),
        iss: query.get("iss"),
        error: query.get("error"),
    };
    let sent = response.clone();
    Effect::new(move || desk.finish(client, sent.clone()));
    view! {
        <Title text="Signing in" />
        {part::moving("", move || step(client, kind, &response, desk.problem.get().as_ref()))}
    }
    .into_any()
}

fn step(
    client: &dyn Client,
    kind: Option<ClientKind>,
    response: &AuthorizationResponse,
    problem: Option<&Problem>,
) -> Markup {
    html! {
        @if let Some(problem) = problem {
            h1 { (problem::title(problem)) }
            (problem::told(problem, false, kind))
        } @else {
            h1 { "One more step" }
            p.soft {
                @if response.code.is_some() && client.form(Deed::Finish).is_none() {
                    "The provider sent you back with a code. This page trades it for tokens by \
                     itself, without any secret."
                } @else if response.code.is_some() {
                    "The provider sent you back with a code. This page hands it to the server, \
                     which trades it for tokens with a secret that only the server has."
                } @else {
                    "The provider sent you back without a code. This page hands its answer to \
                     the server, which says what it means."
                }
            }
            (form::finish(client, response))
        }
    }
}
