//! A cache of sessions and grants, for requests that may see a change a second
//! late.
//!
//! Each forwarded request needs a session and a grant, which have rarely
//! changed since the last one, and reads them here. Everything else reads the
//! store itself.
//!
//! A write by this process invalidates the cached row at once, so a sign-out, a
//! refresh or a forced expiry takes effect with the next request. A write by
//! another replica takes effect within [`MAX_AGE`]. That is safe for three
//! reasons:
//!
//! - A request that comes less than a second after a sign-out on another replica
//!   cannot be distinguished from one that was under way at the time. Access
//!   at the API ends with the revocation at the provider, which does not wait
//!   for the cache.
//! - No refresh uses a cached grant. It reads the row whose lease it holds, so
//!   no spent refresh token is ever sent.
//! - If a cached access token is no longer valid, the API answers with 401, and
//!   the newer token is read from the row itself.

use super::{
    Store,
    grant_store::{GrantStore, StoreError},
    revocation_queue::RevocationQueue,
};
use crate::{
    cache::Cache,
    clock::Clock,
    digest::Digest,
    grant::{Grant, GrantId},
    login::PendingLogin,
    revocation::{QueuedRevocation, RevocationQueueLength, RevocationReason},
    session::SessionRecord,
    single_flight::SingleFlight,
};
use async_trait::async_trait;
use confidant_wire::UnixMillis;
use std::{hash::Hash, sync::Arc, time::Duration};

/// How late a change by another replica may take effect.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(1);

/// A store with a cache of sessions and grants.
pub(crate) struct CachedStore {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sessions: Cache<Digest, SessionRecord>,
    grants: Cache<GrantId, Arc<Grant>>,
    session_reads: SingleFlight<Digest>,
    grant_reads: SingleFlight<GrantId>,
}

impl CachedStore {
    /// Creates an empty cache in front of this store.
    pub(crate) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            sessions: Cache::new(MAX_AGE),
            grants: Cache::new(MAX_AGE),
            session_reads: SingleFlight::default(),
            grant_reads: SingleFlight::default(),
        }
    }

    /// Returns the session with this digest as it was at most [`MAX_AGE`] ago.
    ///
    /// # Errors
    /// If it is not cached and the store fails.
    pub(crate) async fn recent_session(
        &self,
        digest: &Digest,
    ) -> Result<Option<SessionRecord>, StoreError> {
        if let Some(session) = self.sessions.get(digest, self.clock.now()) {
            return Ok(Some(session));
        }
        // Concurrent callers share one database read.
        let leader = self.session_reads.lead_or_wait(digest).await;
        let now = self.clock.now();
        if leader.is_none()
            && let Some(session) = self.sessions.get(digest, now)
        {
            return Ok(Some(session));
        }
        let read = self.sessions.begin_read(digest, now);
        let found = self.store.find_session(digest).await?;
        // A missing session is not cached: it may be stored at any moment.
        if let Some(session) = &found {
            self.sessions.insert(*digest, session.clone(), read);
        }
        Ok(found)
    }

    /// Returns the grant as it was at most [`MAX_AGE`] ago.
    ///
    /// # Errors
    /// If it is not cached and the store fails.
    pub(crate) async fn recent_grant(
        &self,
        id: &GrantId,
    ) -> Result<Option<Arc<Grant>>, StoreError> {
        if let Some(grant) = self.grants.get(id, self.clock.now()) {
            return Ok(Some(grant));
        }
        let leader = self.grant_reads.lead_or_wait(id).await;
        let now = self.clock.now();
        if leader.is_none()
            && let Some(grant) = self.grants.get(id, now)
        {
            return Ok(Some(grant));
        }
        let read = self.grants.begin_read(id, now);
        let found = self.store.load(id).await?.map(Arc::new);
        if let Some(grant) = &found {
            self.grants.insert(id.clone(), grant.clone(), read);
        }
        Ok(found)
    }
}

/// Invalidates a key when a write ends, however it ends: a write that failed or
/// was cancelled may have been stored all the same.
struct InvalidateOnDrop<'a, K: Eq + Hash, V: Clone>(&'a Cache<K, V>, &'a K);

impl<K: Eq + Hash, V: Clone> Drop for InvalidateOnDrop<'_, K, V> {
    fn drop(&mut self) {
        self.0.invalidate(self.1);
    }
}

#[async_trait]
impl GrantStore for CachedStore {
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        self.store.load(id).await
    }

    async fn replace(&self, grant: &Grant, now: UnixMillis) -> Result<bool, StoreError> {
        let _grant = InvalidateOnDrop(&self.grants, &grant.id);
        self.store.replace(grant, now).await
    }

    async fn revoke_unused(&self, grant: &Grant, now: UnixMillis) -> Result<(), StoreError> {
        self.store.revoke_unused(grant, now).await
    }
}

#[async_trait]
impl RevocationQueue for CachedStore {
    async fn claim_revocation(
        &self,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError> {
        self.store.claim_revocation(now, until).await
    }

    async fn claimed_revocation(
        &self,
        grant: &GrantId,
        until: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError> {
        self.store.claimed_revocation(grant, until).await
    }

    async fn postpone_revocation(
        &self,
        revocation: &QueuedRevocation,
        due: UnixMillis,
    ) -> Result<(), StoreError> {
        self.store.postpone_revocation(revocation, due).await
    }

    async fn remove_revocation(&self, revocation: &QueuedRevocation) -> Result<(), StoreError> {
        self.store.remove_revocation(revocation).await
    }

    async fn revocation_queue_length(&self) -> Result<RevocationQueueLength, StoreError> {
        self.store.revocation_queue_length().await
    }
}

#[async_trait]
impl Store for CachedStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }

    async fn save_login(
        &self,
        state: &Digest,
        binding: &Digest,
        login: &PendingLogin,
    ) -> Result<(), StoreError> {
        self.store.save_login(state, binding, login).await
    }

    async fn take_login(
        &self,
        state: &Digest,
        binding: &Digest,
        now: UnixMillis,
    ) -> Result<Option<PendingLogin>, StoreError> {
        self.store.take_login(state, binding, now).await
    }

    async fn delete_logins(&self, binding: &Digest) -> Result<(), StoreError> {
        self.store.delete_logins(binding).await
    }

    async fn begin_session(
        &self,
        session: &SessionRecord,
        grant: &Grant,
    ) -> Result<(), StoreError> {
        self.store.begin_session(session, grant).await
    }

    async fn replace_session(
        &self,
        old: &SessionRecord,
        reason: RevocationReason,
        session: &SessionRecord,
        grant: &Grant,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let _session = InvalidateOnDrop(&self.sessions, &old.digest);
        let _grant = InvalidateOnDrop(&self.grants, &old.grant);
        let store = &self.store;
        store
            .replace_session(old, reason, session, grant, now)
            .await
    }

    async fn find_session(&self, digest: &Digest) -> Result<Option<SessionRecord>, StoreError> {
        self.store.find_session(digest).await
    }

    async fn touch_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        // Before the write, so that concurrent requests do not write it, too.
        self.sessions.update(&session.digest, session.clone());
        self.store.touch_session(session).await
    }

    async fn end_session(
        &self,
        session: &SessionRecord,
        reason: RevocationReason,
        now: UnixMillis,
        due: UnixMillis,
    ) -> Result<bool, StoreError> {
        let _session = InvalidateOnDrop(&self.sessions, &session.digest);
        let _grant = InvalidateOnDrop(&self.grants, &session.grant);
        self.store.end_session(session, reason, now, due).await
    }

    async fn sweep(&self, now: UnixMillis) -> Result<u64, StoreError> {
        self.sessions.sweep(now);
        self.grants.sweep(now);
        self.store.sweep(now).await
    }

    async fn count_sessions(&self) -> Result<u64, StoreError> {
        self.store.count_sessions().await
    }
}

#[cfg(test)]
mod tests;
