//! Looking sessions up by the cookie of a request.

use super::SessionRecord;
use crate::{
    BffError,
    clock::Clock,
    digest::Digest,
    grant::Grant,
    request_cookies::RequestCookies,
    settings::{SessionSettings, Settings},
    store::{CachedStore, GrantStore as _, Store as _, StoreError},
};
use std::{collections::BTreeMap, sync::Arc};

/// The stored sessions.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub(crate) store: Arc<CachedStore>,
    pub(crate) settings: SessionSettings,
    /// The id of each provider, and who issues tokens under its settings.
    issuers: Arc<BTreeMap<String, String>>,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    pub(crate) fn new(store: Arc<CachedStore>, settings: &Settings, clock: Arc<dyn Clock>) -> Self {
        let providers = settings.providers.iter();
        let issuers = providers.map(|provider| (provider.id.clone(), provider.issued_by()));
        Self {
            store,
            settings: settings.session,
            issuers: Arc::new(issuers.collect()),
            clock,
        }
    }

    /// Returns the session that the request's cookie names, unless it is over.
    pub(crate) async fn find(
        &self,
        cookies: &RequestCookies,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let Some(cookie) = cookies.session.value() else {
            return Ok(None);
        };
        let found = self.store.find_session(&Digest::of(cookie)).await?;
        Ok(self.touch(found).await)
    }

    /// Returns the session that the request's cookie names, even if it is over:
    /// until it is deleted, its tokens are to be revoked.
    pub(crate) async fn find_even_over(
        &self,
        cookies: &RequestCookies,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let Some(cookie) = cookies.session.value() else {
            return Ok(None);
        };
        self.store.find_session(&Digest::of(cookie)).await
    }

    /// Does the same as [`find`](Self::find) with the session as it was read at most a second ago.
    pub(crate) async fn find_recent(
        &self,
        cookies: &RequestCookies,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let Some(cookie) = cookies.session.value() else {
            return Ok(None);
        };
        let found = self.store.recent_session(&Digest::of(cookie)).await?;
        Ok(self.touch(found).await)
    }

    /// Returns the session unless it is over, and records its use.
    async fn touch(&self, found: Option<SessionRecord>) -> Option<SessionRecord> {
        let session = found?;
        if !self.is_of_configured_client(&session) {
            tracing::warn!(provider = %session.provider, "a session is over: the provider or the client under this id is another one now");
            return None;
        }
        let now = self.clock.now();
        if session.is_over(self.settings, now) {
            return None;
        }
        let Some(used) = session.used(self.settings, now) else {
            return Some(session);
        };
        // A use that cannot be recorded is no reason to end a session.
        if let Err(error) = self.store.touch_session(&used).await {
            tracing::warn!(%error, "the use of a session could not be recorded");
        }
        Some(used)
    }

    /// Returns whether the session's tokens were issued by the provider, and to the
    /// client, that the settings have under its provider's id.
    fn is_of_configured_client(&self, session: &SessionRecord) -> bool {
        match self.issuers.get(&session.provider) {
            Some(issued_by) => *issued_by == session.issued_by,
            // Operations report a provider that is not configured any more.
            None => true,
        }
    }

    /// Returns the grant of a session as it is stored now.
    pub(crate) async fn grant(&self, session: &SessionRecord) -> Result<Grant, BffError> {
        let grant = self.store.load(&session.grant).await?;
        grant.ok_or(BffError::NotSignedIn)
    }
}
