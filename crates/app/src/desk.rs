//! Where a person's deeds are carried out once the page is alive: through
//! the client, then on to the page that shows the outcome.

mod deeds;
mod line;

use crate::{
    browser,
    client::{self, AuthorizationResponse, Client, Deed},
    endpoint::{self, Failure},
    frame::Announcer,
};
use confidant_wire::Problem;
use deeds::Next;
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use line::Line;

/// What the page is at; shared by context.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// Counts up to have everything shown read again.
    pub(crate) turn: RwSignal<u32>,
    /// Why the last deed failed.
    pub(crate) problem: RwSignal<Option<Problem>>,
    /// What was pressed and is not done yet.
    line: Line,
    /// The deeds among it.
    under_way: StoredValue<Vec<Deed>>,
    /// The button of this page that was pressed last.
    focus: StoredValue<Option<String>>,
    /// Whether the page was read again after landing from elsewhere.
    rechecked: StoredValue<bool>,
}

impl Desk {
    /// A desk with nothing on it, provided to all that is below.
    pub(crate) fn provide() -> Self {
        let desk = Self {
            turn: RwSignal::new(0),
            problem: RwSignal::new(None),
            line: Line::default(),
            under_way: StoredValue::default(),
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
            let Some(mut form) = browser::Sent::read(&event) else {
                return;
            };
            let go = go.clone();
            if let Some(page) = form.attribute("data-page") {
                event.prevent_default();
                form.mark_busy();
                return self.line.take_turn(async move {
                    go(&page);
                    drop(form);
                });
            }
            if form.attribute("data-press").is_some() {
                event.prevent_default();
                return self.press(form, announcer);
            }
            let Some(deed) = form.attribute("data-deed").and_then(|id| Deed::named(&id)) else {
                return;
            };
            event.prevent_default();
            if !self.begins(deed) {
                return;
            }
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

    /// Sends a form whose outcome this very page shows, when what was pressed
    /// before is done.
    fn press(self, mut form: browser::Sent, announcer: Option<Announcer>) {
        let Some(path) = form.attribute("action") else {
            return;
        };
        self.problem.set(None);
        form.mark_busy();
        self.line.take_turn(async move {
            match endpoint::post(&path, form.urlencoded()).await {
                Ok(()) => {
                    if let (Some(announcer), Some((id, label))) = (announcer, form.pressed()) {
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
        if self.begins(Deed::Finish) {
            self.carry_out(client, Deed::Finish, field, |_, _| {});
        }
    }

    /// Whether this deed is to be carried out: not if it is under way
    /// already, as after a double click.
    fn begins(self, deed: Deed) -> bool {
        let begins = |under_way: &mut Vec<Deed>| {
            let begins = !under_way.contains(&deed);
            if begins {
                under_way.push(deed);
            }
            begins
        };
        self.under_way.try_update_value(begins).unwrap_or(false)
    }

    /// Carries a deed out that has begun, when it is its turn.
    fn carry_out(
        self,
        client: &'static dyn Client,
        deed: Deed,
        field: impl Fn(&str) -> Option<String> + 'static,
        go: impl FnOnce(&str, Option<&str>) + 'static,
    ) {
        self.problem.set(None);
        self.line.take_turn(async move {
            let done = deeds::done(client, deed, field).await;
            let ended = |under_way: &mut Vec<Deed>| under_way.retain(|it| *it != deed);
            self.under_way.update_value(ended);
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
