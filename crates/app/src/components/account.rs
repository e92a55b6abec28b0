//! Who is signed in, and the button that signs out.

use crate::{
    actions::PageState,
    clients::{Form, OAuthClient},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// The name of the user, and the form that signs out.
#[component]
pub(crate) fn Account(client: &'static dyn OAuthClient, user: String) -> impl IntoView {
    let state = use_context::<PageState>();
    let endpoint = client.endpoint(Form::SignOut);
    let submit = move |event: SubmitEvent| {
        if let (None, Some(state)) = (endpoint, state) {
            event.prevent_default();
            state.sign_out();
        }
    };
    let busy = move || {
        state
            .is_some_and(|state| state.is_pending(Form::SignOut.id()))
            .then_some("true")
    };
    view! {
        <div class="who">
            <span class="soft">{user}</span>
            <form method="post" action=endpoint data-action=Form::SignOut.id() on:submit=submit>
                <button aria-busy=busy>{"Sign out"}</button>
            </form>
        </div>
    }
}
