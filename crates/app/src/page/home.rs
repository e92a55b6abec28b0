//! The start page: choose a provider, sign in.

use super::recheck::{Recheck, worth_asking_again};
use crate::{desk::Desk, frame::Standing, problem::ProblemView, sign_in::SignInForm};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use wire::{ProviderView, SignedIn};

/// `/`
#[component]
pub(crate) fn Home() -> impl IntoView {
    let (Some(desk), Some(standing)) = (use_context(), use_context::<Resource<Standing>>()) else {
        return ().into_any();
    };
    let desk: Desk = desk;
    let signed_out = use_query_map().get_untracked().get("signed_out");
    let content = move || {
        let signed_out = signed_out.clone();
        Suspend::new(async move { content(desk, signed_out, standing.await) })
    };
    view! { <Transition>{content}</Transition> }.into_any()
}

fn content(desk: Desk, signed_out: Option<String>, standing: Standing) -> AnyView {
    let Standing { session, providers } = standing;
    let (unknown, session, problem) = match session {
        Ok(view) => (view.unknown, view.session, None),
        Err(problem) => (false, None, Some(problem)),
    };
    if unknown && worth_asking_again(desk) {
        return view! { <Recheck path="/".to_owned() /> }.into_any();
    }
    let signed_in = session.is_some();
    let left = (!signed_in)
        .then(|| signed_out.and_then(|id| providers.iter().find(|it| it.id == id)))
        .flatten()
        .map(farewell);
    view! {
        <Title text="" />
        {left}
        <h1>"A token for you, and none for your browser"</h1>
        <p class="lead">
            "Confidant signs you in at a provider and keeps the tokens on its server, where no "
            "script in the page can read them. Then it lets you use and refresh them, and shows "
            "every message that travels."
        </p>
        {problem.map(|problem| view! { <ProblemView problem heading=true /> })}
        {move || desk.problem.get().map(|problem| view! { <ProblemView problem heading=true /> })}
        {match session {
            Some(session) => go_on(session),
            None => choose(providers),
        }}
    }
    .into_any()
}

fn choose(providers: Vec<ProviderView>) -> AnyView {
    view! {
        <section class="sheet narrow" aria-labelledby="sign-in-title">
            <h2 id="sign-in-title">"Sign in"</h2>
            <SignInForm providers kind=None return_to=None />
        </section>
    }
    .into_any()
}

fn go_on(session: SignedIn) -> AnyView {
    let SignedIn {
        name,
        provider_name,
        kind,
        ..
    } = session;
    view! {
        <section class="sheet narrow" aria-labelledby="go-on-title">
            <h2 id="go-on-title">{format!("You are signed in as {name}")}</h2>
            <p class="soft">{format!("At {provider_name}. The session is good on every page here.")}</p>
            <a class="button primary" href=format!("/{kind}/menu")>
                "Go to the menu"
            </a>
        </section>
    }
    .into_any()
}

/// Signed out here is not signed out there.
fn farewell(provider: &ProviderView) -> AnyView {
    let name = provider.name.clone();
    let there = provider.end_session_url.clone().map(|url| {
        view! {
            <p>
                "The provider may still know you, and let you in again without asking. "
                <a href=url>{format!("Sign out at {name} as well")}</a>
            </p>
        }
    });
    view! {
        <section class="sheet narrow" role="status">
            <h2>"You are signed out"</h2>
            <p>"The session here is over and its tokens are deleted."</p>
            {there}
        </section>
    }
    .into_any()
}
