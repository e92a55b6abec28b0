//! Plain HTML forms. Without scripts they post to the server functions by
//! themselves; in an island the page's state carries them out.

use crate::page_data::ProviderChoice;
use crate::{
    actions::{Action, PageState},
    clients::{Form, OAuthClient},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// A form with one button that runs an action.
#[component]
pub(crate) fn ActionForm(action: Action, label: &'static str) -> impl IntoView {
    let state = expect_context::<PageState>();
    let (method, endpoint) = match (action.form(), action) {
        (Some(form), _) => ("post", state.client.endpoint(form).map(str::to_owned)),
        (None, Action::View(page)) => ("get", Some(page.path(state.client.kind()))),
        (None, _) => ("get", None),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.run(action);
    };
    let busy = move || state.is_pending(action.id()).then_some("true");
    let id = action.form().map(Form::id);
    view! {
        <form method=method action=endpoint data-action=id on:submit=submit>
            <button aria-busy=busy>{label}</button>
        </form>
    }
}

/// The form that starts a sign-in: one button for each provider that offers the
/// client. `return_to` is the path to return to; the menu if absent.
#[component]
pub(crate) fn SignInForm(
    client: &'static dyn OAuthClient,
    providers: Vec<ProviderChoice>,
    return_to: Option<String>,
) -> impl IntoView {
    let state = use_context::<PageState>();
    let endpoint = client.endpoint(Form::SignIn);
    let submit = move |event: SubmitEvent| {
        // A form that leads away is left to the browser, if it has an endpoint.
        if let (None, Some(state)) = (endpoint, state) {
            event.prevent_default();
            let provider = crate::browser::pressed_button(&event).map(|button| button.value());
            state.sign_in(provider.unwrap_or_default());
        }
    };
    let busy = move || {
        state
            .is_some_and(|state| state.is_pending(Form::SignIn.id()))
            .then_some("true")
    };
    if providers.is_empty() {
        return view! {
            <p>"No provider is configured for this kind of client, so there is nowhere to sign in."</p>
        }
        .into_any();
    }
    let buttons: Vec<_> = providers
        .into_iter()
        .map(|ProviderChoice { id, name }| {
            view! {
                <button class="primary" name="provider" value=id aria-busy=busy>
                    {"Sign in with "} {name}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <form class="sign-in" method="post" action=endpoint data-action=Form::SignIn.id() on:submit=submit>
            <input type="hidden" name="kind" value=client.kind().to_string() />
            {return_to.map(|path| view! { <input type="hidden" name="return_to" value=path /> }.into_any())}
            <div class="buttons">{buttons}</div>
        </form>
    }
    .into_any()
}
