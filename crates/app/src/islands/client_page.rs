//! The pages of a client kind, as one island: it holds everything that an action
//! changes.

use crate::{
    actions::{Action, Content, PageState},
    browser,
    clients::{self, OAuthClient},
    components::{
        exchange_log::ExchangeLog,
        forms::{Account, ActionForm},
        loading::Loading,
        outcome::{OutcomeView, headline},
        problem::ProblemNotice,
        sign_in_first::SignInFirst,
        token::TokenCard,
    },
    fault_panel::{ActiveFaults, FaultNote, FaultPanel, FaultPanelView},
    page_data::PageData,
    routes::Page,
    time,
};
use confidant_wire::{ClientKind, ProviderView};
use leptos::{ev, prelude::*, serde_json};

/// A page of a client kind. The children are the bar, which the server renders.
#[island]
pub fn ClientPage(
    kind: ClientKind,
    page: Page,
    content: Content,
    panel: Option<FaultPanel>,
    providers: Vec<ProviderView>,
    children: Children,
) -> impl IntoView {
    let Some(client) = clients::client(kind) else {
        return ().into_any();
    };
    let state = PageState::new(client, page, content, panel);
    provide_context(state);
    let alive = RwSignal::new(false);
    start(state, providers.clone(), alive);
    view! {
        <header>
            <div class="bar">
                {children()}
                {move || {
                    user(&state.content.get())
                        .map(|user| view! { <Account client user /> })
                }}
            </div>
        </header>
        <p class="unseen" role="status" aria-live="polite">
            {move || state.announcement.get()}
        </p>
        // The mark tells tests that the page lives.
        <main id="main" tabindex="-1" data-alive=move || alive.get().then_some("true")>
            {move || problem_area(state)}
            {move || main(state, &providers)}
        </main>
    }
    .into_any()
}

/// Begins what only a browser does.
fn start(state: PageState, providers: Vec<ProviderView>, alive: RwSignal<bool>) {
    Effect::new(move || {
        clients::set_providers(providers.clone());
        state.load();
        alive.set(true);
    });
    Effect::new(move || {
        // An address that was shown by an action is loaded when the user goes
        // back to it.
        let _ = window_event_listener(ev::popstate, move |_| {
            let shown = state.page.get_untracked().path(state.client.kind());
            if browser::path() != shown {
                browser::reload();
            }
        });
    });
    if state.client.kind() != ClientKind::BFF {
        // The comparison reads the exchanges of a client that runs in its page.
        Effect::new(move || {
            if let Content::Show(data) = state.content.get()
                && let Ok(text) = serde_json::to_string(&data.exchanges)
            {
                browser::leave_in_window(browser::EXCHANGES, &text);
            }
        });
    }
}

fn user(content: &Content) -> Option<String> {
    match content {
        Content::Show(data) => Some(data.user.clone()),
        Content::Loading | Content::Refused(_) => None,
    }
}

/// Why the last action failed, and how to try again.
fn problem_area(state: PageState) -> AnyView {
    let Some(problem) = state.problem.get() else {
        return ().into_any();
    };
    let retry = state.retry.get().map(|action| {
        view! {
            <p>
                <button type="button" on:click=move |_| state.run(action)>{"Try again"}</button>
            </p>
        }
    });
    let kind = Some(state.client.kind());
    view! {
        <ProblemNotice problem heading=true kind />
        {retry}
    }
    .into_any()
}

fn main(state: PageState, providers: &[ProviderView]) -> AnyView {
    let (client, page) = (state.client, state.page.get());
    if page == Page::Faults {
        return faults_page(state);
    }
    match state.content.get() {
        Content::Loading => view! { <Loading client /> }.into_any(),
        Content::Refused(reason) if reason.code.status() == 401 => {
            let path = page.path(client.kind());
            view! { <SignInFirst client providers=providers.to_vec() path reason /> }.into_any()
        }
        Content::Refused(problem) => {
            let kind = Some(client.kind());
            view! {
                <h1>{"That did not work"}</h1>
                <ProblemNotice problem heading=true kind />
            }
            .into_any()
        }
        Content::Show(data) => shown(client, page, *data, providers),
    }
}

/// The page of a user who is signed in.
fn shown(
    client: &'static dyn OAuthClient,
    page: Page,
    data: PageData,
    providers: &[ProviderView],
) -> AnyView {
    let kind = client.kind();
    let failed = data.outcome.as_ref().err().cloned().map(|problem| {
        let sign_in = (problem.code.status() == 401).then(|| {
            let path = page.path(kind);
            view! { <crate::components::forms::SignInForm client providers=providers.to_vec() return_to=Some(path) /> }
        });
        view! {
            <ProblemNotice problem heading=false kind=Some(kind) />
            {sign_in}
        }
    });
    let token = data.token.clone();
    let exposed = data.exposed.clone();
    let exchanges = data.exchanges.clone();
    let faults = data.faults.clone();
    view! {
        {(page != Page::Menu).then(|| view! { <BackToMenu /> })}
        <h1>{headline(client, page, &data)}</h1>
        <p class="soft">{introduction(client, page, &data)}</p>
        <div class="two">
            <div class="stack">
                {failed}
                <OutcomeView page data />
            </div>
            <TokenCard client token exposed />
        </div>
        <ExchangeLog exchanges />
        {faults.map(|faults| view! { <FaultNote kind faults /> })}
    }
    .into_any()
}

fn introduction(client: &dyn OAuthClient, page: Page, data: &PageData) -> String {
    let PageData {
        provider,
        user,
        token,
        ..
    } = data;
    if page != Page::Menu {
        return format!("Signed in at {provider} as {user}.");
    }
    let descriptor = client.descriptor();
    format!(
        "{} {provider} {} {}. What would you like to do next?",
        descriptor.obtained_by,
        time::ago(token.obtained_at, token.now),
        descriptor.obtained_as,
    )
}

/// The fault panel with its page, for users with and without a session: a user
/// who broke the sign-in has to be able to mend it.
fn faults_page(state: PageState) -> AnyView {
    let client = state.client;
    let token = match state.content.get() {
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
fn without_token(client: &'static dyn OAuthClient, problem: confidant_wire::Problem) -> AnyView {
    if problem.code != confidant_wire::Code::NotSignedIn {
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

/// The way back to the menu, which the page shows in its place.
#[component]
fn BackToMenu() -> impl IntoView {
    let state = expect_context::<PageState>();
    let go = move |event: ev::MouseEvent| {
        // With a modifier key it is the browser's link.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            state.run(Action::View(Page::Menu));
        }
    };
    view! {
        <p class="back">
            <a href=Page::Menu.path(state.client.kind()) on:click=go>{"Back to the menu"}</a>
        </p>
    }
}
