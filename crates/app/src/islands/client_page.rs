//! The pages of a client kind, as one island: it holds everything that an action
//! changes.

use crate::{
    actions::{Content, FailedAction, PageState, Shown},
    browser,
    clients::{self, OAuthClient},
    components::{
        account::Account,
        back_to_menu::BackToMenu,
        exchange_log::ExchangeLog,
        forms::SignInForm,
        loading::Loading,
        outcome::{OutcomeView, headline},
        problem::ProblemNotice,
        sign_in_first::SignInFirst,
        token::TokenCard,
    },
    fault_panel::FaultNote,
    page_data::{PageData, ProviderChoice},
    routes::Page,
    time,
};
use confidant_wire::ClientKind;
use leptos::{ev, prelude::*};

/// A page of a client kind. The children are the bar, which the server renders.
/// `settings` and `panel` are JSON that only some frontends can read: the
/// providers for clients in the browser, and the fault panel.
#[island]
pub fn ClientPage(
    kind: ClientKind,
    page: Page,
    content: Content,
    panel: Option<String>,
    providers: Vec<ProviderChoice>,
    settings: String,
    children: Children,
) -> impl IntoView {
    let Some(client) = clients::client(kind) else {
        return ().into_any();
    };
    let state = PageState::new(client, page, content, panel);
    provide_context(state);
    let hydrated = RwSignal::new(false);
    start(state, settings, hydrated);
    view! {
        <header>
            <div class="bar">
                {children()}
                {move || {
                    user(&state.shown.get().content)
                        .map(|user| view! { <Account client user /> }.into_any())
                }}
            </div>
        </header>
        <p class="unseen" role="status" aria-live="polite">
            {move || state.announcement.get()}
        </p>
        // Tests wait for this attribute.
        <main id="main" tabindex="-1" data-hydrated=move || hydrated.get().then_some("true")>
            {move || problem_area(state)}
            {move || main(state, &providers)}
        </main>
    }
    .into_any()
}

/// Begins what only a browser does.
fn start(state: PageState, settings: String, hydrated: RwSignal<bool>) {
    Effect::new(move || {
        clients::set_providers(settings.clone());
        state.load();
        hydrated.set(true);
    });
    Effect::new(move || {
        // An address that was shown by an action is loaded when the user goes
        // back to it.
        let _ = window_event_listener(ev::popstate, move |_| {
            if browser::path() != state.path() {
                browser::reload();
            }
        });
    });
}

fn user(content: &Content) -> Option<String> {
    match content {
        Content::Show(data) => Some(data.user.clone()),
        Content::Loading | Content::Refused(_) => None,
    }
}

/// Why the last action failed, and how to try again.
fn problem_area(state: PageState) -> AnyView {
    let Some(FailedAction { problem, retry }) = state.failed.get() else {
        return ().into_any();
    };
    let retry = retry.map(|action| {
        view! {
            <p>
                <button type="button" on:click=move |_| state.run(action)>{"Try again"}</button>
            </p>
        }
        .into_any()
    });
    let kind = Some(state.client.kind());
    view! {
        <ProblemNotice problem heading=true kind />
        {retry}
    }
    .into_any()
}

fn main(state: PageState, providers: &[ProviderChoice]) -> AnyView {
    let client = state.client;
    let Shown { page, content, .. } = state.shown.get();
    if page == Page::Faults {
        let fault_panel = clients::linked().fault_panel;
        return fault_panel.map_or_else(|| ().into_any(), |page| page());
    }
    match content {
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
    providers: &[ProviderChoice],
) -> AnyView {
    let kind = client.kind();
    let failed = data.outcome.as_ref().err().cloned().map(|problem| {
        let sign_in = (problem.code.status() == 401).then(|| {
            let path = page.path(kind);
            view! { <SignInForm client providers=providers.to_vec() return_to=Some(path) /> }
                .into_any()
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
        {(page != Page::Menu).then(|| view! { <BackToMenu /> }.into_any())}
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
        {faults.map(|faults| view! { <FaultNote kind faults /> }.into_any())}
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
