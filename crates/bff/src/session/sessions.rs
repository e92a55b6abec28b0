//! Looking sessions up by the cookie of a request.

use super::SessionRecord;
use crate::{
    BffError,
    clock::Clock,
    digest::Digest,
    grant::Grant,
    request_cookies::RequestCookies,
    settings::SessionSettings,
    store::{CachedStore, GrantStore as _, Store as _, StoreError},
};
use std::sync::Arc;

/// The stored sessions.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub(crate) store: Arc<CachedStore>,
    pub(crate) settings: SessionSettings,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    pub(crate) fn new(
        store: Arc<CachedStore>,
        settings: SessionSettings,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            settings,
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

    /// Returns the grant of a session as it is stored now.
    pub(crate) async fn grant(&self, session: &SessionRecord) -> Result<Grant, BffError> {
        let grant = self.store.load(&session.grant).await?;
        grant.ok_or(BffError::NotSignedIn)
    }
}
