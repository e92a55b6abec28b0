//! Who is signed in and where one could: what every page is about.

use crate::{client::Client, endpoint};
use serde::{Deserialize, Serialize};
use wire::{Problem, ProviderView, SessionView};

/// Read once for a page, by header and page together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// The session with the client of the page.
    pub(crate) session: Result<SessionView, Problem>,
    /// The providers on offer.
    pub(crate) providers: Vec<ProviderView>,
}

impl Standing {
    /// Asks for both.
    pub(crate) async fn read(client: &'static dyn Client) -> Self {
        Self {
            session: client.session().await,
            providers: endpoint::list_providers().await.unwrap_or_default(),
        }
    }
}
