//! The actions of a page, and what the page shows before and after them.

mod page_state;
mod queue;

use crate::{
    clients::{Form, OAuthClient, Reply},
    page_data::{Next, PageData},
    routes::Page,
};
use confidant_wire::Problem;
pub(crate) use page_state::PageState;
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
