//! The parts that the library is made of. Each operation takes those it needs.

use crate::{
    BffError,
    abort_on_drop::AbortOnDrop,
    clock::Clock,
    exchange_log::ExchangeLog,
    forward::Forwarder,
    metrics::Metrics,
    provider::{Metadata, ProviderClient, Providers},
    random::Random,
    refresh::{RefreshEngine, rate_limit::RateLimit},
    session::{SessionRecord, Sessions},
    settings::Settings,
    token_source::TokenSource,
};
use std::sync::{Arc, Mutex, OnceLock};

pub(crate) struct Components {
    pub(crate) settings: Settings,
    pub(crate) sessions: Sessions,
    pub(crate) providers: Providers,
    pub(crate) engine: RefreshEngine,
    pub(crate) tokens: TokenSource,
    /// Limits the refreshes that users ask for explicitly.
    pub(crate) rate_limit: Mutex<RateLimit>,
    pub(crate) forwarder: Forwarder,
    pub(crate) exchange_log: ExchangeLog,
    pub(crate) metrics: Metrics,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) background: OnceLock<AbortOnDrop>,
    #[cfg(feature = "axum")]
    pub(crate) error_page: crate::axum::ErrorPage,
}

impl Components {
    /// Returns the provider of a session, with its metadata.
    pub(crate) async fn provider_of(
        &self,
        session: &SessionRecord,
    ) -> Result<(&ProviderClient, Arc<Metadata>), BffError> {
        // Without a provider, it was removed from the configuration while the
        // user was signed in.
        let provider = self.providers.get(&session.provider);
        let provider = provider.ok_or(BffError::NotSignedIn)?;
        let metadata = provider.metadata().await?;
        Ok((provider, metadata))
    }
}
