//! The store, with a memory of a second for those who may be a second late.
//!
//! Forwarded requests come in thousands, and each needs a session and a grant
//! that have not changed since the last. They read them here. Everybody else
//! reads through.
//!
//! What this process writes is forgotten at once: a sign-out, a refresh, a
//! forced expiry show with the next request. What another replica writes shows
//! within [`FRESH`]. That is safe, for three reasons:
//!
//! - A request that comes less than a second after a sign-out elsewhere cannot
//!   be told from one that was under way when it happened. What ends access at
//!   the API is the revocation at the provider, and that waits for nobody.
//! - Nothing is refreshed from here. A flight reads its grant from the row
//!   whose lease it has taken, so no spent refresh token is ever sent.
//! - A token from here that is no longer good is answered with 401, and the
//!   newer one is then looked for in the row itself.

use crate::{cache::Cache, session::SessionRecord, single_flight::SingleFlight};
use crate::{
    clock::Clock,
    digest::Digest,
    grant::{Grant, GrantId},
    login::PendingLogin,
    store::{GrantStore, Store, StoreError},
};
use async_trait::async_trait;
use confidant_wire::UnixMillis;
use std::{hash::Hash, sync::Arc, time::Duration};

/// How late a change by another replica may be seen.
pub(crate) const FRESH: Duration = Duration::from_secs(1);

/// A store that remembers what was read lately.
pub(crate) struct CachedStore {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    sessions: Cache<Digest, SessionRecord>,
    grants: Cache<GrantId, Arc<Grant>>,
    session_readers: SingleFlight<Digest>,
    grant_readers: SingleFlight<GrantId>,
}

impl CachedStore {
    /// A memory in front of this store.
    pub(crate) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            sessions: Cache::new(FRESH),
            grants: Cache::new(FRESH),
            session_readers: SingleFlight::default(),
            grant_readers: SingleFlight::default(),
        }
    }

    /// The session with this digest, as it was at most [`FRESH`] ago.
    ///
    /// # Errors
    /// When it has to be read and the store fails.
    pub(crate) async fn recent_session(
        &self,
        digest: &Digest,
    ) -> Result<Option<SessionRecord>, StoreError> {
        if let Some(session) = self.sessions.get(digest, self.clock.now()) {
            return Ok(Some(session));
        }
        let turn = self.session_readers.turn(digest).await;
        let now = self.clock.now();
        if turn.is_none()
            && let Some(session) = self.sessions.get(digest, now)
        {
            return Ok(Some(session));
        }
        let reading = self.sessions.reading(digest, now);
        let found = self.store.find_session(digest).await?;
        // Who is not signed in is looked for each time: it may change at once.
        if let Some(session) = &found {
            self.sessions.keep(*digest, session.clone(), reading);
        }
        Ok(found)
    }

    /// The grant, as it was at most [`FRESH`] ago.
    ///
    /// # Errors
    /// When it has to be read and the store fails.
    pub(crate) async fn recent_grant(
        &self,
        id: &GrantId,
    ) -> Result<Option<Arc<Grant>>, StoreError> {
        if let Some(grant) = self.grants.get(id, self.clock.now()) {
            return Ok(Some(grant));
        }
        let turn = self.grant_readers.turn(id).await;
        let now = self.clock.now();
        if turn.is_none()
            && let Some(grant) = self.grants.get(id, now)
        {
            return Ok(Some(grant));
        }
        let reading = self.grants.reading(id, now);
        let found = self.store.load(id).await?.map(Arc::new);
        if let Some(grant) = &found {
            self.grants.keep(id.clone(), grant.clone(), reading);
        }
        Ok(found)
    }
}

/// Forgets a key when a write is over, however it ended: one that failed, or
/// that nobody waited for, may have been stored all the same.
struct Forgetting<'a, K: Eq + Hash, V: Clone>(&'a Cache<K, V>, &'a K);

impl<K: Eq + Hash, V: Clone> Drop for Forgetting<'_, K, V> {
    fn drop(&mut self) {
        self.0.forget(self.1);
    }
}

#[async_trait]
impl GrantStore for CachedStore {
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        self.store.load(id).await
    }

    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError> {
        let _written = Forgetting(&self.grants, &grant.id);
        self.store.replace(grant).await
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

    async fn renew_session(
        &self,
        old: &SessionRecord,
        session: &SessionRecord,
        grant: &Grant,
    ) -> Result<bool, StoreError> {
        let _session = Forgetting(&self.sessions, &old.digest);
        let _grant = Forgetting(&self.grants, &old.grant);
        self.store.renew_session(old, session, grant).await
    }

    async fn find_session(&self, digest: &Digest) -> Result<Option<SessionRecord>, StoreError> {
        self.store.find_session(digest).await
    }

    async fn touch_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        // Before the write: those who come meanwhile need not write it too.
        self.sessions.amend(&session.digest, session.clone());
        self.store.touch_session(session).await
    }

    async fn end_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        let _session = Forgetting(&self.sessions, &session.digest);
        let _grant = Forgetting(&self.grants, &session.grant);
        self.store.end_session(session).await
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
mod tests {
    use super::*;
    use crate::cache::Reading;
    use confidant_protocol::TokenResponse;
    use confidant_wire::{Claims, ClientKind};
    use std::sync::{
        Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    };

    /// One session on one grant, and how often it was asked for.
    struct Counting {
        signed_in: Mutex<bool>,
        version: AtomicU64,
        reads: AtomicUsize,
    }

    struct Hands(AtomicU64);

    impl Clock for Hands {
        fn now(&self) -> UnixMillis {
            self.0.load(SeqCst)
        }
    }

    fn grant(version: u64) -> Grant {
        let answer = TokenResponse {
            access_token: "at".into(),
            token_type: "Bearer".into(),
            expires_in: None,
            scopes: None,
            refresh_token: None,
            id_token: None,
            extras: Claims::new(),
        };
        let new = Grant::new(GrantId("g".into()), "demo".into(), answer, 0);
        Grant { version, ..new }
    }

    fn session() -> SessionRecord {
        SessionRecord {
            digest: Digest::of("cookie"),
            grant: GrantId("g".into()),
            provider: "demo".into(),
            kind: ClientKind::BFF,
            subject: "1".into(),
            name: "alice".into(),
            created_at: 0,
            last_seen: 0,
            expires_at: 0,
        }
    }

    #[async_trait]
    impl GrantStore for Counting {
        async fn load(&self, _: &GrantId) -> Result<Option<Grant>, StoreError> {
            self.reads.fetch_add(1, SeqCst);
            // Others come meanwhile.
            tokio::task::yield_now().await;
            Ok(Some(grant(self.version.load(SeqCst))))
        }

        async fn replace(&self, grant: &Grant) -> Result<bool, StoreError> {
            self.version.store(grant.version, SeqCst);
            // Whoever asked has gone away by the time it is stored.
            if grant.version == 13 {
                std::future::pending::<()>().await;
            }
            Err(StoreError::Unavailable("after it was stored".into()))
        }
    }

    #[async_trait]
    impl Store for Counting {
        async fn ping(&self) -> Result<(), StoreError> {
            Ok(())
        }

        async fn save_login(
            &self,
            _: &Digest,
            _: &Digest,
            _: &PendingLogin,
        ) -> Result<(), StoreError> {
            Ok(())
        }

        async fn take_login(
            &self,
            _: &Digest,
            _: &Digest,
            _: UnixMillis,
        ) -> Result<Option<PendingLogin>, StoreError> {
            Ok(None)
        }

        async fn delete_logins(&self, _: &Digest) -> Result<(), StoreError> {
            Ok(())
        }

        async fn begin_session(&self, _: &SessionRecord, _: &Grant) -> Result<(), StoreError> {
            Ok(())
        }

        async fn renew_session(
            &self,
            old: &SessionRecord,
            _: &SessionRecord,
            _: &Grant,
        ) -> Result<bool, StoreError> {
            self.end_session(old).await?;
            Ok(true)
        }

        async fn find_session(&self, _: &Digest) -> Result<Option<SessionRecord>, StoreError> {
            self.reads.fetch_add(1, SeqCst);
            // Others come meanwhile.
            tokio::task::yield_now().await;
            Ok(self.signed_in.lock().unwrap().then(session))
        }

        async fn touch_session(&self, _: &SessionRecord) -> Result<(), StoreError> {
            Ok(())
        }

        async fn end_session(&self, _: &SessionRecord) -> Result<(), StoreError> {
            *self.signed_in.lock().unwrap() = false;
            Ok(())
        }

        async fn sweep(&self, _: UnixMillis) -> Result<u64, StoreError> {
            Ok(0)
        }

        async fn count_sessions(&self) -> Result<u64, StoreError> {
            Ok(1)
        }
    }

    fn cached() -> (CachedStore, Arc<Counting>, Arc<Hands>) {
        let store = Arc::new(Counting {
            signed_in: Mutex::new(true),
            version: AtomicU64::new(1),
            reads: AtomicUsize::new(0),
        });
        let clock = Arc::new(Hands(AtomicU64::new(1_000_000)));
        (CachedStore::new(store.clone(), clock.clone()), store, clock)
    }

    async fn look(cached: &CachedStore) -> (Option<SessionRecord>, u64) {
        let found = cached.recent_session(&session().digest).await.unwrap();
        let grant = cached.recent_grant(&session().grant).await.unwrap();
        (found, grant.map_or(0, |grant| grant.version))
    }

    #[tokio::test]
    async fn a_thousand_requests_in_a_second_read_the_database_once() {
        let (cached, store, clock) = cached();
        for _ in 0..1000 {
            assert_eq!(look(&cached).await, (Some(session()), 1));
        }
        assert_eq!(store.reads.load(SeqCst), 2);
        clock.0.fetch_add(1000, SeqCst);
        look(&cached).await;
        assert_eq!(store.reads.load(SeqCst), 4);
    }

    #[tokio::test]
    async fn a_thousand_requests_at_one_moment_read_the_database_once() {
        let (cached, store, _) = cached();
        let cached = Arc::new(cached);
        let concurrency_limit: Vec<_> = (0..1000)
            .map(|_| {
                let cached = cached.clone();
                tokio::spawn(async move { look(&cached).await })
            })
            .collect();
        for caller in concurrency_limit {
            assert_eq!(caller.await.unwrap(), (Some(session()), 1));
        }
        assert_eq!(store.reads.load(SeqCst), 2);
    }

    #[tokio::test]
    async fn a_sign_out_here_shows_at_once_and_one_elsewhere_within_a_second() {
        let (cached, store, clock) = cached();
        look(&cached).await;
        *store.signed_in.lock().unwrap() = false;
        clock.0.fetch_add(999, SeqCst);
        assert!(look(&cached).await.0.is_some());
        clock.0.fetch_add(1, SeqCst);
        assert!(look(&cached).await.0.is_none());

        *store.signed_in.lock().unwrap() = true;
        assert!(look(&cached).await.0.is_some());
        cached.end_session(&session()).await.unwrap();
        assert!(look(&cached).await.0.is_none());
    }

    #[tokio::test]
    async fn a_session_that_was_renewed_here_is_not_remembered() {
        let (cached, ..) = cached();
        look(&cached).await;
        let renewed = SessionRecord {
            digest: Digest::of("another cookie"),
            ..session()
        };
        let done = cached.renew_session(&session(), &renewed, &grant(2)).await;
        assert_eq!(done, Ok(true));
        assert_eq!(look(&cached).await.0, None);
    }

    #[tokio::test]
    async fn a_grant_that_was_written_shows_at_once_even_if_the_write_seemed_to_fail() {
        let (cached, ..) = cached();
        look(&cached).await;
        assert!(cached.replace(&grant(2)).await.is_err());
        assert_eq!(look(&cached).await.1, 2);
        let left = tokio::time::timeout(Duration::from_millis(1), cached.replace(&grant(13))).await;
        assert!(left.is_err());
        assert_eq!(look(&cached).await.1, 13);
    }

    #[tokio::test]
    async fn a_session_that_ends_while_it_is_being_read_is_not_kept() {
        let (cached, ..) = cached();
        let reading: Reading = cached.sessions.reading(&session().digest, 1_000_000);
        cached.end_session(&session()).await.unwrap();
        cached.sessions.keep(session().digest, session(), reading);
        cached.touch_session(&session()).await.unwrap();
        assert_eq!(look(&cached).await.0, None);
    }
}
