//! What forwarding needs of the rest of the library.

use super::send::{self, Client};
use crate::{
    cache::Cache, clock::Clock, digest::Digest, exchange_log::ExchangeLog, grant::GrantId,
    metrics::Metrics, session::Sessions, settings::Paths, token_source::TokenSource,
};
use std::{error::Error, sync::Arc, time::Duration};

/// How long an API that rejects even a token that was just refreshed for it
/// gets no further one. Without a pause, each request to it would be a refresh.
const REJECTION_HOLDS: Duration = Duration::from_secs(60);

/// What forwarding needs of the rest of the library.
pub(crate) struct Context {
    pub(super) client: Client,
    /// What forwarded paths begin with.
    pub(super) prefix: String,
    pub(super) sessions: Sessions,
    pub(super) tokens: TokenSource,
    pub(super) exchange_log: ExchangeLog,
    pub(super) metrics: Metrics,
    pub(super) clock: Arc<dyn Clock>,
    /// The newest token that each API rejected, by grant and API.
    pub(super) rejected: Cache<(GrantId, String), Digest>,
}

impl Context {
    /// Sets up connections.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub(crate) fn new(
        paths: &Paths,
        sessions: Sessions,
        tokens: TokenSource,
        exchange_log: ExchangeLog,
        metrics: Metrics,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            client: send::client()?,
            prefix: format!("{}/", paths.api),
            sessions,
            tokens,
            exchange_log,
            metrics,
            clock,
            rejected: Cache::new(REJECTION_HOLDS),
        })
    }
}
