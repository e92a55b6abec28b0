//! What a page of a kind shows, read in the one order that is right: first
//! the call, which may refresh the token, then the token, then the log.

use super::Page;
use crate::{browser, client::Client};
use serde::{Deserialize, Serialize};
use wire::{Claims, Problem, Report, TokenView, UnixMillis, Validation};

/// What the page's own call brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Found {
    /// The page makes no call.
    Nothing,
    /// The account profile.
    Profile(Claims),
    /// What the provider says of the token.
    Validation(Validation),
}

/// Everything that one visit to a page shows. It is read once: on the server
/// for a page that is loaded, in the browser for one that is gone to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// What the page's call brought, or why it brought nothing.
    pub(super) found: Result<Found, Problem>,
    /// The token, after the call.
    pub(super) token: Result<TokenView, Problem>,
    /// What travelled.
    pub(super) report: Report,
    /// The browser's clock as this came in; none if it came with the page.
    pub(super) arrived: Option<UnixMillis>,
}

impl Seen {
    /// Makes the page's call and reads what there is to see after it.
    pub(super) async fn read(client: &'static dyn Client, page: Page) -> Self {
        let found = match page {
            Page::Menu | Page::ManualRefresh => Ok(Found::Nothing),
            Page::Profile | Page::AutomaticRefresh => client.profile().await.map(Found::Profile),
            Page::Validate => client.validate().await.map(Found::Validation),
        };
        let token = client.token().await;
        let arrived = (!cfg!(feature = "ssr")).then(browser::now);
        let report = client.report().await.unwrap_or_default();
        Self {
            found,
            token,
            report,
            arrived,
        }
    }
}
