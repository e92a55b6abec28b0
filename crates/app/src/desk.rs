//! Where a person's deeds are carried out once the page is alive: through
//! the client, then on to the page that shows the outcome.

use crate::{
    browser,
    client::{self, AuthorizationResponse, Client, Deed},
    endpoint::{self, Failure},
    frame::Announcer,
    page::Page,
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
    /// Counts up to have everything shown read again.
    pub(crate) turn: RwSignal<u32>,
    /// Why the last deed failed.
    pub(crate) problem: RwSignal<Option<Problem>>,
    /// Whether a deed is under way.
    busy: StoredValue<bool>,
    /// The button of this page that was pressed last.
    focus: StoredValue<Option<String>>,
    /// Whether the page was read again after landing from elsewhere.
    rechecked: StoredValue<bool>,
}

/// Where a deed leads.
enum Next {
    /// To a page of ours, without loading it.
    Page(String),
    /// To an address, loaded as a whole.
    Leave(String),
    /// The same, and this page is forgotten: the back button must not lead
    /// to a code that was used.
    Replace(String),
}

impl Desk {
    /// A desk with nothing on it, provided to all that is below.
    pub(crate) fn provide() -> Self {
        let desk = Self {
            turn: RwSignal::new(0),
            problem: RwSignal::new(None),
            busy: StoredValue::new(false),
            focus: StoredValue::new(None),
            rechecked: StoredValue::new(false),
        };
        provide_context(desk);
        desk
    }

    /// Has everything shown read again.
    pub(crate) fn look_again(self) {
        self.turn.update(|turn| *turn += 1);
    }

    /// Has everything read again, once: from our own page the cookie is sent.
    pub(crate) fn recheck(self) {
        if !self.rechecked.get_value() {
            self.rechecked.set_value(true);
            self.look_again();
        }
    }

    /// Gives the focus back to the button that was pressed, if it went away
    /// with the page as it was.
    pub(crate) fn refocus(self) {
        let Some(id) = self.focus.get_value() else {
            return;
        };
        // Not before the page is in its place.
        request_animation_frame(move || {
            if browser::focus_is_lost() {
                browser::focus(&id);
            }
        });
    }

    /// Forgets what was about the page before.
    pub(crate) fn turn_over(self) {
        self.problem.set(None);
        self.focus.set_value(None);
    }

    /// Takes every form of ours in hand, now and later.
    pub(crate) fn take_forms(self) {
        let announcer = use_context::<Announcer>();
        let navigate = use_navigate();
        let path = use_location().pathname;
        let go = move |target: &str| {
            if path.get_untracked() == target {
                self.look_again();
            } else {
                navigate(target, NavigateOptions::default());
            }
        };
        let submit = move |event: SubmitEvent| {
            let Some(form) = browser::Sent::read(&event) else {
                return;
            };
            let go = go.clone();
            if let Some(page) = form.attribute("data-page") {
                event.prevent_default();
                return go(&page);
            }
            if form.attribute("data-press").is_some() {
                event.prevent_default();
                return self.press(&form, announcer);
            }
            let Some(deed) = form.attribute("data-deed").and_then(|id| Deed::named(&id)) else {
                return;
            };
            event.prevent_default();
            form.mark_busy();
            self.carry_out(
                client::here(&path.get_untracked()),
                deed,
                move |name| form.field(name),
                move |next, said| {
                    if let (Some(announcer), Some(said)) = (announcer, said) {
                        announcer.say(said);
                    }
                    go(next);
                },
            );
        };
        Effect::new(move || {
            // Forms come and go with the pages. What they send bubbles up.
            let _ = window_event_listener(leptos::ev::submit, submit.clone());
        });
    }

    /// Sends a form whose outcome this very page shows.
    fn press(self, form: &browser::Sent, announcer: Option<Announcer>) {
        let Some(path) = form.attribute("action").filter(|_| !self.busy.get_value()) else {
            return;
        };
        self.busy.set_value(true);
        self.problem.set(None);
        form.mark_busy();
        let (fields, pressed) = (form.urlencoded(), form.pressed());
        spawn_local(async move {
            let done = endpoint::post(&path, fields).await;
            self.busy.set_value(false);
            browser::unmark_busy();
            match done {
                Ok(()) => {
                    if let (Some(announcer), Some((id, label))) = (announcer, pressed) {
                        announcer.say(&format!("Done: {label}"));
                        self.focus.set_value(Some(id));
                    }
                    self.look_again();
                }
                Err(Failure(problem)) => self.fail(problem),
            }
        });
    }

    /// Hands on what the provider's redirect carried.
    pub(crate) fn finish(self, client: &'static dyn Client, response: AuthorizationResponse) {
        let field = move |name: &str| match name {
            "code" => response.code.clone(),
            "state" => response.state.clone(),
            "iss" => response.iss.clone(),
            "error" => response.error.clone(),
            _ => None,
        };
        self.carry_out(client, Deed::Finish, field, |_, _| {});
    }

    /// Carries a deed out, unless one is under way.
    fn carry_out(
        self,
        client: &'static dyn Client,
        deed: Deed,
        field: impl Fn(&str) -> Option<String> + 'static,
        go: impl FnOnce(&str, Option<&str>) + 'static,
    ) {
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        self.problem.set(None);
        spawn_local(async move {
            let done = done(client, deed, &field).await;
            self.busy.set_value(false);
            browser::unmark_busy();
            match done {
                Ok(Next::Page(path)) => {
                    let said = (deed == Deed::Refresh).then_some("The token was refreshed.");
                    go(&path, said);
                }
                Ok(Next::Leave(url)) => browser::leave_for(&url),
                Ok(Next::Replace(url)) => browser::replace_by(&url),
                Err(problem) => self.fail(problem),
            }
        });
    }

    fn fail(self, problem: Problem) {
        if problem.code.status() == 401 {
            // Whoever the page greets is no longer signed in.
            self.look_again();
        }
        self.problem.set(Some(problem));
    }
}

async fn done(
    client: &dyn Client,
    deed: Deed,
    field: &impl Fn(&str) -> Option<String>,
) -> Result<Next, Problem> {
    let kind = client.kind();
    Ok(match deed {
        Deed::SignIn => {
            let provider = field("provider").unwrap_or_default();
            let return_to = field("return_to").unwrap_or_else(|| Page::Menu.path(kind));
            Next::Leave(client.start(provider, return_to).await?.authorization_url)
        }
        Deed::Finish => {
            let response = AuthorizationResponse {
                code: field("code"),
                state: field("state"),
                iss: field("iss"),
                error: field("error"),
            };
            Next::Replace(client.finish(response).await?.return_to)
        }
        Deed::Refresh => {
            client.refresh().await?;
            Next::Page(outcome(kind, deed))
        }
        Deed::Expire => {
            client.expire().await?;
            Next::Page(outcome(kind, deed))
        }
        // A whole new page: nothing of the session stays in memory.
        Deed::SignOut => Next::Leave(match client.sign_out().await?.provider {
            Some(provider) => format!("/?signed_out={provider}"),
            None => "/".to_owned(),
        }),
    })
}

/// Where the outcome of a deed is shown.
fn outcome(kind: ClientKind, deed: Deed) -> String {
    let page = match deed {
        Deed::Refresh => Page::ManualRefresh,
        _ => Page::AutomaticRefresh,
    };
    page.path(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forced_expiry_leads_to_the_call_that_notices_it() {
        let kind = ClientKind::BFF;
        assert_eq!(outcome(kind, Deed::Expire), "/bff/automatic_refresh");
        assert_eq!(outcome(kind, Deed::Refresh), "/bff/manual_refresh");
    }
}
