//! The page of the fault panel.

use super::{active::ActiveFaults, controls::FaultPanelView};
use crate::{
    actions::{Action, Content, PageState},
    clients::OAuthClient,
    components::{
        back_to_menu::BackToMenu, exchange_log::ExchangeLog, forms::ActionForm,
        problem::ProblemNotice, token::TokenCard,
    },
    page_data::PageData,
    routes::Page,
};
use confidant_wire::{Code, Problem};
use leptos::prelude::*;

/// The fault panel with its page, for users with and without a session: a user
/// who broke the sign-in has to be able to mend it.
pub(crate) fn page() -> AnyView {
    let state = expect_context::<PageState>();
    let client = state.client;
    let token = match state.shown.get().content {
        Content::Show(data) => {
            let PageData {
                token,
                exposed,
                exchanges,
                ..
            } = *data;
            let card = view! { <TokenCard client token exposed /> };
            let log = view! { <ExchangeLog exchanges /> };
            Some((try_it().into_any(), card.into_any(), log.into_any()))
        }
        Content::Refused(problem) => {
            Some((without_token(client, problem), ().into_any(), ().into_any()))
        }
        Content::Loading => None,
    };
    let (actions, card, log) =
        token.unwrap_or_else(|| (().into_any(), ().into_any(), ().into_any()));
    view! {
        <BackToMenu />
        <h1>{Page::Faults.title()}</h1>
        <p class="soft">
            {"The provider of this demo does as you say. Have it lose an answer, stall or change its \
              rules, then use the token and see what this kind of client makes of it."}
        </p>
        <div class="two">
            <div class="stack">
                {actions}
                <ActiveFaults />
            </div>
            {card}
        </div>
        <FaultPanelView />
        {log}
    }
    .into_any()
}

fn try_it() -> impl IntoView {
    view! {
        <section class="sheet" aria-labelledby="try-title">
            <h2 id="try-title">{"See what comes of it"}</h2>
            <p class="soft">{"Choose below what goes wrong, then let the client run into it:"}</p>
            <div class="buttons">
                <ActionForm action=Action::ExpireAndCall label="Expire and call" />
                <ActionForm action=Action::Refresh label="Refresh" />
                <ActionForm action=Action::View(Page::Profile) label="Get profile" />
            </div>
        </section>
    }
}

/// Says why there is no token to use.
fn without_token(client: &'static dyn OAuthClient, problem: Problem) -> AnyView {
    if problem.code != Code::NotSignedIn {
        let kind = Some(client.kind());
        return view! { <ProblemNotice problem heading=true kind /> }.into_any();
    }
    view! {
        <section class="sheet" aria-labelledby="try-title">
            <h2 id="try-title">{"Nobody is signed in here"}</h2>
            <p>{"So nothing of yours can go wrong yet."}</p>
            <a class="button" href=Page::Menu.path(client.kind())>{"Sign in first"}</a>
        </section>
    }
    .into_any()
}
