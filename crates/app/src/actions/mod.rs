//! The state of a client's page, and the actions that change it. An action asks
//! the client once and shows the answer in place; the address follows.

mod queue;

use crate::{
    api::{self, Failure},
    browser,
    clients::{self, Form, OAuthClient, Reply},
    fault_panel::CommandDone,
    page_data::{Next, PageData},
    routes::Page,
};
use confidant_wire::{Code, Problem};
use leptos::prelude::*;
use queue::Queue;
use serde::{Deserialize, Serialize};

/// What the main part of a page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Nothing is known yet: the client runs in the browser.
    Loading,
    /// The page of a user who is signed in.
    Show(Box<PageData>),
    /// The page cannot be shown, and why.
    Refused(Problem),
}

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    /// Which page.
    pub(crate) page: Page,
    /// Its main part.
    pub(crate) content: Content,
    /// Whether it came with the document, and not later.
    first: bool,
}

/// An action that failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FailedAction {
    /// Why it failed.
    pub(crate) problem: Problem,
    /// The action, if it makes sense to try it again.
    pub(crate) retry: Option<Action>,
}

/// What a user can do on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Go to a page, which makes its call.
    View(Page),
    /// Refresh the tokens now.
    Refresh,
    /// Let the token expire, then call the provider.
    ExpireAndCall,
}

impl Action {
    /// Returns the page that shows the result.
    fn page(self) -> Page {
        match self {
            Self::View(page) => page,
            Self::Refresh => Page::ManualRefresh,
            Self::ExpireAndCall => Page::AutomaticRefresh,
        }
    }

    /// Returns the form that carries the action out without scripts.
    pub(crate) fn form(self) -> Option<Form> {
        match self {
            Self::View(_) => None,
            Self::Refresh => Some(Form::Refresh),
            Self::ExpireAndCall => Some(Form::ExpireAndCall),
        }
    }

    /// Returns a name that tells the actions of a page apart.
    pub(crate) fn id(self) -> &'static str {
        match (self.form(), self) {
            (Some(form), _) => form.id(),
            (None, action) => action.page().title(),
        }
    }

    fn ask(self, client: &dyn OAuthClient) -> Reply<Next> {
        match self {
            Self::View(page) => client.view(page),
            Self::Refresh => client.refresh(),
            Self::ExpireAndCall => client.expire_and_call(),
        }
    }
}

/// The state of a client's page; provided as context by its island.
#[derive(Clone, Copy)]
pub struct PageState {
    /// The page's client.
    pub(crate) client: &'static dyn OAuthClient,
    /// What is shown.
    pub(crate) shown: RwSignal<Shown>,
    /// The fault panel as JSON, on its page.
    pub(crate) panel: RwSignal<String>,
    /// The last action, if it failed.
    pub(crate) failed: RwSignal<Option<FailedAction>>,
    /// What a screen reader announces.
    pub(crate) announcement: RwSignal<String>,
    /// The actions that run or wait, by their ids.
    pending: RwSignal<Vec<String>>,
    queue: Queue,
}

impl PageState {
    /// Creates the state of a page with this content.
    pub(crate) fn new(
        client: &'static dyn OAuthClient,
        page: Page,
        content: Content,
        panel: Option<String>,
    ) -> Self {
        Self {
            client,
            shown: RwSignal::new(Shown {
                page,
                content,
                first: true,
            }),
            panel: RwSignal::new(panel.unwrap_or_default()),
            failed: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            pending: RwSignal::new(Vec::new()),
            queue: Queue::default(),
        }
    }

    /// Whether the action with this id runs or waits for its turn.
    pub(crate) fn is_pending(self, id: &str) -> bool {
        self.pending
            .with(|pending| pending.iter().any(|other| other == id))
    }

    /// Whether what is shown came with the document, and not later.
    pub(crate) fn is_first(self) -> bool {
        self.shown.with_untracked(|shown| shown.first)
    }

    /// Returns the path of the page that is shown.
    pub(crate) fn path(self) -> String {
        let page = self.shown.with_untracked(|shown| shown.page);
        page.path(self.client.kind())
    }

    /// Announces a sentence to screen readers.
    pub(crate) fn announce(self, text: &str) {
        self.announcement.set(text.to_owned());
    }

    /// Loads what the page shows, if only the browser can.
    pub(crate) fn load(self) {
        let loading = |shown: &Shown| (shown.content == Content::Loading).then_some(shown.page);
        if let Some(page) = self.shown.with_untracked(loading) {
            self.run(Action::View(page));
        }
    }

    /// Runs an action, unless it runs or waits already, as after a double click.
    pub(crate) fn run(self, action: Action) {
        self.enqueue(action.id().to_owned(), async move {
            match action.ask(self.client).await {
                Ok(next) => self.show(action, next),
                Err(problem) => self.fail(action, problem).await,
            }
        });
    }

    /// Starts a sign-in that returns to this page.
    pub(crate) fn sign_in(self, provider: String) {
        self.enqueue(Form::SignIn.id().to_owned(), async move {
            self.leave(self.client.start(provider, self.path()).await);
        });
    }

    /// Signs out. A new page is loaded, so nothing of the session stays in memory.
    pub(crate) fn sign_out(self) {
        self.enqueue(Form::SignOut.id().to_owned(), async move {
            self.leave(self.client.sign_out().await);
        });
    }

    /// Sends a form of the fault panel, and shows the panel as it is then.
    pub(crate) fn send_command(self, id: String, path: String, form: String, label: String) {
        self.enqueue(id, async move {
            match api::post::<CommandDone>(&path, form).await {
                Ok(done) => {
                    self.panel.set(done.panel.unwrap_or_default());
                    self.announce(&format!("Done: {label}"));
                }
                Err(Failure(problem)) => self.report(problem, None),
            }
        });
    }

    fn report(self, problem: Problem, retry: Option<Action>) {
        self.failed.set(Some(FailedAction { problem, retry }));
    }

    fn enqueue(self, id: String, work: impl Future<Output = ()> + 'static) {
        if self.pending.with_untracked(|pending| pending.contains(&id)) {
            return;
        }
        self.failed.set(None);
        self.pending.update(|pending| pending.push(id.clone()));
        self.queue.run(async move {
            work.await;
            self.pending
                .update(|pending| pending.retain(|other| *other != id));
        });
    }

    fn leave(self, address: Result<String, Problem>) {
        match address {
            Ok(address) => browser::leave_for(&address),
            Err(problem) => self.report(problem, None),
        }
    }

    fn show(self, action: Action, next: Next) {
        match next {
            Next::Show(data) if data.kind != self.client.kind() => {
                self.set(
                    action.page(),
                    Content::Refused(clients::other_kind(data.kind)),
                );
            }
            Next::Show(data) => {
                self.set(action.page(), Content::Show(data));
                if action == Action::Refresh {
                    self.announce("The token was refreshed.");
                }
            }
            Next::GoTo(address) => {
                // Back leads to the page that the action was started on.
                browser::push_address(&action.page().path(self.client.kind()));
                browser::replace_by(&address);
            }
        }
    }

    fn set(self, page: Page, content: Content) {
        self.shown.set(Shown {
            page,
            content,
            first: false,
        });
        browser::push_address(&page.path(self.client.kind()));
        browser::set_title(&format!("{} · Confidant", page.title()));
        // The pressed button may have gone with the old page.
        request_animation_frame(|| {
            if browser::focus_is_lost() {
                browser::focus("main");
            }
        });
    }

    /// Reports a failed action. What the page showed stays, unless the session
    /// has ended or there was nothing yet.
    async fn fail(self, action: Action, problem: Problem) {
        let nothing_yet = self
            .shown
            .with_untracked(|shown| !matches!(shown.content, Content::Show(_)));
        let ended = problem.code.status() == 401 && problem.code != Code::Reauthorize;
        if nothing_yet || ended {
            return self.set(action.page(), Content::Refused(problem));
        }
        if problem.code != Code::Reauthorize {
            return self.report(problem, Some(action));
        }
        if let Ok(Next::Show(new)) = self.client.view(Page::Menu).await {
            // The token view says what the token is still good for.
            self.shown.update(|shown| {
                if let Content::Show(data) = &mut shown.content {
                    let outcome = data.outcome.clone();
                    **data = PageData { outcome, ..*new };
                    shown.first = false;
                }
            });
        }
        self.report(problem, None);
    }
}
