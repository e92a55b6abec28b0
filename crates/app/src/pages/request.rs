//! What a page is rendered from.

use crate::api::request::{backend, providers};
use confidant_wire::{Problem, ProviderView, SessionView};
use http::request::Parts;
use leptos::prelude::use_context;

/// A request for a page.
pub(super) struct Request {
    /// The path.
    pub(super) path: String,
    /// The query, without its question mark.
    pub(super) query: String,
    /// The providers on offer.
    pub(super) providers: Vec<ProviderView>,
    /// The session at the server.
    pub(super) session: Result<SessionView, Problem>,
}

impl Request {
    /// Reads the request and its session.
    pub(super) async fn read(path: String) -> Self {
        let query = use_context::<Parts>()
            .and_then(|parts| parts.uri.query().map(str::to_owned))
            .unwrap_or_default();
        let (providers, session) = match backend() {
            Ok((bff, headers)) => {
                let session = bff.session_view(&headers).await;
                let session = session.map_err(|error| error.report());
                (providers(&bff), session)
            }
            Err(problem) => (Vec::new(), Err(problem)),
        };
        Self {
            path,
            query,
            providers,
            session,
        }
    }
}
