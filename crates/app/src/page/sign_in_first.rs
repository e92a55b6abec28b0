//! A page that needs a session, without one.

use super::status;
use crate::{client::Client, problem::ProblemView, sign_in::SignInForm};
use leptos::prelude::*;
use leptos_meta::Title;
use wire::{Code, Problem, ProviderView};

/// Says so with the status 401, and brings the person back here.
#[component]
pub(super) fn SignInFirst(
    client: &'static dyn Client,
    providers: Vec<ProviderView>,
    /// The path to come back to.
    path: String,
    /// Why there is no session.
    problem: Problem,
) -> impl IntoView {
    status::set(401);
    let reason =
        (problem.code != Code::NotSignedIn).then(|| view! { <ProblemView problem heading=true /> });
    view! {
        <Title text="Sign in first" />
        <h1>"Sign in first"</h1>
        {reason}
        <p class="soft">"There is no session with this browser. Signing in brings you back here."</p>
        <SignInForm providers kind=Some(client.kind()) return_to=Some(path) />
    }
    .into_any()
}
