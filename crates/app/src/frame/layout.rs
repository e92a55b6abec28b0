//! The application: context, header, routes.

use super::Announcer;
use crate::{
    browser,
    desk::Desk,
    page::{Callback, Reading, Readings, Shown},
    part,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};

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
    let announcer = Announcer::provide();
    let desk = Desk::provide();
    desk.take_forms();
    let location = use_location();
    let (path, query) = (location.pathname, location.search);
    let readings = Readings::new_with_options(
        move || (path.get(), query.get(), desk.turn.get()),
        |(path, query, _)| Reading::take(path, query),
        true,
    );
    provide_context(readings);
    let bar = move || Suspend::new(async move { part::still("bar", readings.await.parts.bar) });

    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            // As a browser does on a new page: begin reading at its top, and
            // leave the old page's problem behind.
            desk.turn_over();
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
        <header>
            <Transition>{bar}</Transition>
        </header>
        {announcer.region()}
        <main id="main" tabindex="-1">
            <FlatRoutes fallback=Shown>
                <Route path=path!("/") view=Shown ssr=whole.clone() />
                <Route path=path!("/compare") view=Shown ssr=whole.clone() />
                <Route path=path!("/callback") view=Callback ssr=whole.clone() />
                <Route path=path!("/:kind/callback") view=Callback ssr=whole.clone() />
                <Route path=path!("/:kind/menu") view=Shown ssr=whole.clone() />
                <Route path=path!("/:kind/profile") view=Shown ssr=whole.clone() />
                <Route path=path!("/:kind/automatic_refresh") view=Shown ssr=whole.clone() />
                <Route path=path!("/:kind/manual_refresh") view=Shown ssr=whole.clone() />
                <Route path=path!("/:kind/validate") view=Shown ssr=whole.clone() />
                <Route path=path!("/:kind/faults") view=Shown ssr=whole.clone() />
                <Route path=path!("/menu") view=Shown ssr=whole.clone() />
                <Route path=path!("/profile") view=Shown ssr=whole.clone() />
                <Route path=path!("/automatic_refresh") view=Shown ssr=whole.clone() />
                <Route path=path!("/manual_refresh") view=Shown ssr=whole.clone() />
                <Route path=path!("/validate") view=Shown ssr=whole.clone() />
                <Route path=path!("/faults") view=Shown ssr=whole />
            </FlatRoutes>
        </main>
    }
}
