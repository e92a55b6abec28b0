//! The form that begins a sign-in.

use crate::{
    browser,
    client::{self, Deed},
    desk::Desk,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, wasm_bindgen::JsCast};
use wire::{ClientKind, ProviderView};

/// One button for each provider, and the kind of client where there is a
/// choice.
#[component]
pub(crate) fn SignInForm(
    providers: Vec<ProviderView>,
    /// The only kind that will do here; none to let the person choose.
    kind: Option<ClientKind>,
    /// The path to come back to; none for the kind's menu.
    return_to: Option<String>,
) -> impl IntoView {
    if providers.is_empty() {
        return view! { <p>"No provider is configured, so there is nowhere to sign in."</p> }
            .into_any();
    }
    let desk = use_context::<Desk>();
    let wanted = return_to.clone();
    let submit = move |event: SubmitEvent| {
        if let (Some(desk), Some((kind, provider))) = (desk, chosen(&event)) {
            event.prevent_default();
            let menu = format!("/{kind}/menu");
            begin(desk, kind, provider, wanted.clone().unwrap_or(menu));
        }
    };
    let busy = move || desk.is_some_and(|desk| desk.busy.get() == Some(Deed::SignIn));
    let kinds = kinds(&providers, kind);
    let buttons: Vec<_> = providers
        .into_iter()
        .map(|ProviderView { id, name, .. }| {
            view! {
                <button class="primary" name="provider" value=id aria-busy=move || busy().then_some("true")>
                    {format!("Sign in with {name}")}
                </button>
            }
        })
        .collect();
    let action = client::of(kind.unwrap_or(ClientKind::Bff)).form(Deed::SignIn);
    view! {
        <form class="sign-in" method="post" action=action on:submit=submit>
            {kinds}
            {return_to.map(|path| view! { <input type="hidden" name="return_to" value=path /> })}
            <div class="buttons">{buttons}</div>
        </form>
    }
    .into_any()
}

/// The choice of kind: hidden where there is none to make.
fn kinds(providers: &[ProviderView], fixed: Option<ClientKind>) -> AnyView {
    let offered: Vec<_> = ClientKind::ALL
        .iter()
        .copied()
        .filter(|kind| providers.iter().any(|it| it.kinds.contains(kind)))
        .collect();
    let only = match (fixed, offered.as_slice()) {
        (Some(kind), _) => Some(kind),
        (None, [kind]) => Some(*kind),
        _ => None,
    };
    if let Some(kind) = only {
        return view! { <input type="hidden" name="kind" value=kind.id() /> }.into_any();
    }
    let choices: Vec<_> = offered
        .into_iter()
        .enumerate()
        .map(|(n, kind)| {
            view! {
                <label>
                    <input type="radio" name="kind" value=kind.id() checked=n == 0 />
                    {client::of(kind).name()}
                </label>
            }
        })
        .collect();
    view! {
        <fieldset>
            <legend>"Kind of client"</legend>
            {choices}
        </fieldset>
    }
    .into_any()
}

/// The kind and the provider that a sent form names.
fn chosen(event: &SubmitEvent) -> Option<(ClientKind, String)> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let button: HtmlButtonElement = event.submitter()?.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let kind = data.get("kind").as_string()?.parse().ok()?;
    Some((kind, button.value()))
}

fn begin(desk: Desk, kind: ClientKind, provider: String, return_to: String) {
    if !desk.begin(Deed::SignIn) {
        return;
    }
    spawn_local(async move {
        match client::of(kind).start(provider, return_to).await {
            Ok(started) => browser::leave_for(&started.authorization_url),
            Err(problem) => desk.fail(problem),
        }
    });
}
