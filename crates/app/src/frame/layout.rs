//! The application: context, header, routes.

use super::{Announcer, Standing, header::Header};
use crate::{
    browser, client,
    desk::{Desk, kind_of},
    page::{Home, KindPage, Lead, NotFound, Page},
    sign_in::Callback,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};
use wire::ClientKind;

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| match title.as_str() {
            "" => "Confidant".to_owned(),
            title => format!("{title} · Confidant"),
        } />
        <Router>
            <Layout />
        </Router>
    }
}

#[component]
fn Layout() -> impl IntoView {
    let desk = Desk::provide();
    let announcer = Announcer::provide();
    let location = use_location();
    let path = location.pathname;
    let kind = Memo::new(move |_| kind_of(&path.get()).unwrap_or(ClientKind::Bff));
    let standing = Resource::new_blocking(
        move || (kind.get(), desk.turn.get()),
        |(kind, _)| Standing::read(client::of(kind)),
    );
    provide_context(standing);

    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            // As a browser does on a new page: begin reading at its top, and
            // leave the old page's problem behind.
            desk.problem.set(None);
            browser::focus("main");
        }
        path.get_untracked()
    });

    // Everything before the first byte, so that the page is whole and in
    // order where no script puts it in order.
    let whole = SsrMode::Async;
    view! {
        // External to the router, which would scroll there and leave the focus behind.
        <a class="skip" href="#main" rel="external">
            "Skip to the content"
        </a>
        <Header path client=kind standing />
        {announcer.region()}
        <main id="main" tabindex="-1">
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=whole.clone() />
                <Route path=path!("/callback") view=Callback ssr=whole.clone() />
                <Route path=path!("/:kind/menu") view=|| kind_page(Page::Menu) ssr=whole.clone() />
                <Route path=path!("/:kind/profile") view=|| kind_page(Page::Profile) ssr=whole.clone() />
                <Route
                    path=path!("/:kind/automatic_refresh")
                    view=|| kind_page(Page::AutomaticRefresh)
                    ssr=whole.clone()
                />
                <Route
                    path=path!("/:kind/manual_refresh")
                    view=|| kind_page(Page::ManualRefresh)
                    ssr=whole.clone()
                />
                <Route path=path!("/:kind/validate") view=|| kind_page(Page::Validate) ssr=whole.clone() />
                <Route path=path!("/menu") view=|| lead(Page::Menu) ssr=whole.clone() />
                <Route path=path!("/profile") view=|| lead(Page::Profile) ssr=whole.clone() />
                <Route path=path!("/automatic_refresh") view=|| lead(Page::AutomaticRefresh) ssr=whole.clone() />
                <Route path=path!("/manual_refresh") view=|| lead(Page::ManualRefresh) ssr=whole.clone() />
                <Route path=path!("/validate") view=|| lead(Page::Validate) ssr=whole />
            </FlatRoutes>
        </main>
    }
}

fn kind_page(page: Page) -> AnyView {
    view! { <KindPage page /> }.into_any()
}

fn lead(page: Page) -> AnyView {
    view! { <Lead page /> }.into_any()
}
