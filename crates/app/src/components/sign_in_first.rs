//! A page that needs a session, without one.

use super::{forms::SignInForm, problem::ProblemNotice};
use crate::clients::OAuthClient;
use crate::page_data::ProviderChoice;
use confidant_wire::{Code, Problem};
use leptos::prelude::*;

/// Says that the page needs a session and why there is none, and offers a
/// sign-in that returns to this path.
#[component]
pub(crate) fn SignInFirst(
    client: &'static dyn OAuthClient,
    providers: Vec<ProviderChoice>,
    path: String,
    reason: Problem,
) -> impl IntoView {
    let descriptor = client.descriptor();
    let reason = (reason.code != Code::NotSignedIn).then(|| {
        view! { <ProblemNotice problem=reason heading=true kind=Some(client.kind()) /> }.into_any()
    });
    view! {
        <h1>{"Sign in first"}</h1>
        {reason}
        <p class="soft">
            {descriptor.summary} {" (RFC 10017, section "} {descriptor.section} {".)"}
        </p>
        <p>{"There is no session with this browser. Signing in brings you back here."}</p>
        <SignInForm client providers return_to=Some(path) />
    }
}
