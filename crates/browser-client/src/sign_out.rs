//! Signing out: in the browser, then at the provider.

use crate::{
    Error, exchange_log::ExchangeLog, grant_store::GrantStore, platform::Platform,
    provider::discovery::Discovery, revocation::Revocation, session::SignedOut, settings::Settings,
    tab_lock::TabLock,
};
use std::rc::Rc;

/// Ends sessions.
#[derive(Clone)]
pub(crate) struct SignOut<P> {
    pub(crate) settings: Rc<Settings>,
    pub(crate) grants: GrantStore<P>,
    pub(crate) lock: TabLock<P>,
    pub(crate) discovery: Discovery<P>,
    pub(crate) revocation: Revocation<P>,
    pub(crate) log: ExchangeLog<P>,
}

impl<P: Platform> SignOut<P> {
    /// Removes the tokens from the browser, first and in any case; then revokes
    /// them at the provider.
    ///
    /// # Errors
    /// If the storage is blocked.
    pub(crate) async fn run(&self) -> Result<SignedOut, Error> {
        let grants = self.grants.clone();
        let remove = async move {
            let record = grants.load_newest().await?;
            grants.clear(&record).await?;
            Ok(record)
        };
        let record = self.lock.run(remove).await?;
        self.log.session_changed();
        let Ok(metadata) = self.discovery.metadata().await else {
            return Ok(SignedOut::default());
        };
        let revoked = match record.as_grant() {
            Some(grant) => self.revocation.revoke(grant).await,
            None => false,
        };
        let endpoint = metadata.end_session_endpoint.as_deref();
        Ok(SignedOut {
            revoked,
            end_session_url: endpoint.map(|endpoint| end_session_url(endpoint, &self.settings)),
        })
    }
}

/// Returns the URL of the logout request. It does not contain the ID token,
/// because URLs end up in logs and histories.
pub(crate) fn end_session_url(endpoint: &str, settings: &Settings) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &settings.client_id);
    if let Some(uri) = &settings.post_logout_redirect_uri {
        query.append_pair("post_logout_redirect_uri", uri);
    }
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{separator}{}", query.finish())
}
