//! Where a person's deeds are carried out once the page is alive: through
//! the client, then on to the page that shows the outcome. Before that, and
//! without scripts, the same forms go to the server.

use crate::{
    browser,
    client::{self, Client, Deed},
    frame::Announcer,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use wire::{ClientKind, Problem};

/// What the page is at; shared by context.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// Counts up to have everything shown looked at again.
    pub(crate) turn: RwSignal<u32>,
    /// The deed under way.
    pub(crate) busy: RwSignal<Option<Deed>>,
    /// Why the last deed failed.
    pub(crate) problem: RwSignal<Option<Problem>>,
    /// Whether the session was asked for again after landing from elsewhere.
    pub(crate) rechecked: RwSignal<bool>,
}

impl Desk {
    /// A desk with nothing on it, provided to all that is below.
    pub(crate) fn provide() -> Self {
        let desk = Self {
            turn: RwSignal::new(0),
            busy: RwSignal::new(None),
            problem: RwSignal::new(None),
            rechecked: RwSignal::new(false),
        };
        provide_context(desk);
        desk
    }

    /// Has everything shown looked at again.
    pub(crate) fn look_again(self) {
        self.turn.update(|turn| *turn += 1);
    }

    /// Takes a deed up, unless one is under way.
    pub(crate) fn begin(self, deed: Deed) -> bool {
        let free = self.busy.get_untracked().is_none();
        if free {
            self.busy.set(Some(deed));
            self.problem.set(None);
        }
        free
    }

    /// Puts a failed deed down with its reason.
    pub(crate) fn fail(self, problem: Problem) {
        self.busy.set(None);
        if problem.code.status() == 401 {
            // Whoever the page greets is no longer signed in.
            self.look_again();
        }
        self.problem.set(Some(problem));
    }
}

/// Where the outcome of a deed is shown.
fn outcome(kind: ClientKind, deed: Deed) -> String {
    let page = match deed {
        Deed::Refresh => "manual_refresh",
        Deed::Expire => "automatic_refresh",
        Deed::SignIn | Deed::Finish | Deed::SignOut => "menu",
    };
    format!("/{kind}/{page}")
}

/// A form with one button, for a deed that needs no more said.
#[component]
pub(crate) fn DeedForm(
    client: &'static dyn Client,
    deed: Deed,
    label: &'static str,
    #[prop(optional)] plain: bool,
) -> impl IntoView {
    let desk = use_context::<Desk>();
    let announcer = use_context::<Announcer>();
    let navigate = use_navigate();
    let location = use_location();
    let submit = move |event: SubmitEvent| {
        let Some(desk) = desk else { return };
        event.prevent_default();
        if !desk.begin(deed) {
            return;
        }
        let navigate = navigate.clone();
        spawn_local(async move {
            if deed == Deed::SignOut {
                return sign_out(client, desk).await;
            }
            let done = match deed {
                Deed::Refresh => client.refresh().await,
                _ => client.expire().await,
            };
            let token = match done {
                Ok(token) => token,
                Err(problem) => return desk.fail(problem),
            };
            desk.busy.set(None);
            if let (Deed::Refresh, Some(announcer)) = (deed, announcer) {
                announcer.say(&format!(
                    "Refreshed. The token is now {}.",
                    token.access_token
                ));
            }
            let target = outcome(client.kind(), deed);
            if location.pathname.get_untracked() == target {
                desk.look_again();
            } else {
                navigate(&target, NavigateOptions::default());
            }
        });
    };
    let busy = move || desk.is_some_and(|desk| desk.busy.get() == Some(deed));
    view! {
        <form method="post" action=client.form(deed) on:submit=submit>
            <button class:plain=plain aria-busy=move || busy().then_some("true")>
                {label}
            </button>
        </form>
    }
    .into_any()
}

async fn sign_out(client: &'static dyn Client, desk: Desk) {
    match client.sign_out().await {
        // A whole new page: nothing of the session stays in memory.
        Ok(done) => browser::leave_for(&match done.provider {
            Some(provider) => format!("/?signed_out={provider}"),
            None => "/".to_owned(),
        }),
        Err(problem) => desk.fail(problem),
    }
}

/// A form with one button that leads to a page.
#[component]
pub(crate) fn PageForm(href: String, label: &'static str) -> impl IntoView {
    let desk = use_context::<Desk>();
    let navigate = use_navigate();
    let location = use_location();
    let target = href.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match desk {
            Some(desk) if location.pathname.get_untracked() == target => desk.look_again(),
            _ => navigate(&target, NavigateOptions::default()),
        }
    };
    view! {
        <form method="get" action=href on:submit=submit>
            <button>{label}</button>
        </form>
    }
    .into_any()
}

/// The kind of client whose pages a path belongs to.
pub(crate) fn kind_of(path: &str) -> Option<ClientKind> {
    path.split('/').nth(1)?.parse().ok()
}

/// The client whose pages the person is on; that of the server elsewhere.
pub(crate) fn client_here(path: &str) -> &'static dyn Client {
    client::of(kind_of(path).unwrap_or(ClientKind::Bff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_kind_first() {
        assert_eq!(kind_of("/bff/menu"), Some(ClientKind::Bff));
        assert_eq!(kind_of("/menu"), None);
        assert_eq!(kind_of("/"), None);
        assert_eq!(kind_of(""), None);
    }

    #[test]
    fn a_forced_expiry_leads_to_the_call_that_notices_it() {
        assert_eq!(
            outcome(ClientKind::Bff, Deed::Expire),
            "/bff/automatic_refresh"
        );
        assert_eq!(
            outcome(ClientKind::Bff, Deed::Refresh),
            "/bff/manual_refresh"
        );
    }
}
