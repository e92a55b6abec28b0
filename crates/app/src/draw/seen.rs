//! What a page of a kind shows, read in the one order that is right: first
//! the call, which may refresh the token, then the token, then the log.

use crate::{
    client::{Held, Source},
    page::Page,
};
use confidant_wire::{Claims, Problem, Report, TokenView, Validation};

/// What the page's own call brought.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// The page makes no call.
    Nothing,
    /// The account profile.
    Profile(Claims),
    /// What the provider says of the token.
    Validation(Validation),
}

/// Everything that one visit to a page shows.
#[derive(Clone, PartialEq)]
pub(super) struct Seen {
    /// What the page's call brought, or why it brought nothing.
    pub(super) found: Result<Found, Problem>,
    /// The token, after the call.
    pub(super) token: Result<TokenView, Problem>,
    /// The tokens themselves, where the page has them.
    pub(super) held: Held,
    /// What travelled.
    pub(super) report: Report,
}

impl Seen {
    /// Makes the page's call and reads what there is to see after it.
    pub(super) async fn read(source: &dyn Source, page: Page) -> Self {
        let found = match page {
            Page::Menu | Page::ManualRefresh | Page::Faults => Ok(Found::Nothing),
            Page::Profile | Page::AutomaticRefresh => source.profile().await.map(Found::Profile),
            Page::Validate => source.validate().await.map(Found::Validation),
        };
        Self {
            found,
            token: source.token().await,
            held: source.held().await.unwrap_or_default(),
            report: source.report().await.unwrap_or_default(),
        }
    }
}
