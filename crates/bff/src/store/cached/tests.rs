use super::*;
use confidant_protocol::TokenResponse;
use confidant_wire::{Claims, ClientKind};
use std::sync::{
    Mutex,
    atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
};

/// A store of one session and its grant, which counts its reads.
struct CountingStore {
    signed_in: Mutex<bool>,
    version: AtomicU64,
    reads: AtomicUsize,
}

struct ManualClock(AtomicU64);

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        self.0.load(SeqCst)
    }
}

fn grant(version: u64) -> Grant {
    let response = TokenResponse {
        access_token: "at".into(),
        token_type: "Bearer".into(),
        expires_in: None,
        scopes: None,
        refresh_token: None,
        id_token: None,
        extras: Claims::new(),
    };
    let new = Grant::new(GrantId("g".into()), "demo".into(), response, 0);
    Grant { version, ..new }
}

fn session() -> SessionRecord {
    SessionRecord {
        digest: Digest::of("cookie"),
        grant: GrantId("g".into()),
        provider: "demo".into(),
        issued_by: String::new(),
        kind: ClientKind::BFF,
        subject: "1".into(),
        name: "alice".into(),
        created_at: 0,
        last_seen: 0,
        expires_at: 0,
    }
}

#[async_trait]
impl GrantStore for CountingStore {
    async fn load(&self, _: &GrantId) -> Result<Option<Grant>, StoreError> {
        self.reads.fetch_add(1, SeqCst);
        // Lets concurrent callers run.
        tokio::task::yield_now().await;
        Ok(Some(grant(self.version.load(SeqCst))))
    }

    async fn replace(&self, grant: &Grant, _: UnixMillis) -> Result<bool, StoreError> {
        self.version.store(grant.version, SeqCst);
        // The caller is gone by the time it is stored.
        if grant.version == 13 {
            std::future::pending::<()>().await;
        }
        Err(StoreError::Unavailable("after it was stored".into()))
    }

    async fn revoke_unused(&self, _: &Grant, _: UnixMillis) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl RevocationQueue for CountingStore {
    async fn claim_revocation(
        &self,
        _: UnixMillis,
        _: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError> {
        Ok(None)
    }

    async fn claimed_revocation(
        &self,
        _: &GrantId,
        _: UnixMillis,
    ) -> Result<Option<QueuedRevocation>, StoreError> {
        Ok(None)
    }

    async fn postpone_revocation(
        &self,
        _: &QueuedRevocation,
        _: UnixMillis,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    async fn remove_revocation(&self, _: &QueuedRevocation) -> Result<(), StoreError> {
        Ok(())
    }

    async fn revocation_queue_length(&self) -> Result<RevocationQueueLength, StoreError> {
        Ok(RevocationQueueLength::default())
    }
}

#[async_trait]
impl Store for CountingStore {
    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn save_login(&self, _: &Digest, _: &Digest, _: &PendingLogin) -> Result<(), StoreError> {
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

    async fn replace_session(
        &self,
        old: &SessionRecord,
        reason: RevocationReason,
        _: &SessionRecord,
        _: &Grant,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        self.end_session(old, reason, now, now).await
    }

    async fn find_session(&self, _: &Digest) -> Result<Option<SessionRecord>, StoreError> {
        self.reads.fetch_add(1, SeqCst);
        // Lets concurrent callers run.
        tokio::task::yield_now().await;
        Ok(self.signed_in.lock().unwrap().then(session))
    }

    async fn touch_session(&self, _: &SessionRecord) -> Result<(), StoreError> {
        Ok(())
    }

    async fn end_session(
        &self,
        _: &SessionRecord,
        _: RevocationReason,
        _: UnixMillis,
        _: UnixMillis,
    ) -> Result<bool, StoreError> {
        *self.signed_in.lock().unwrap() = false;
        Ok(true)
    }

    async fn sweep(&self, _: UnixMillis) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn count_sessions(&self) -> Result<u64, StoreError> {
        Ok(1)
    }
}

fn cached() -> (CachedStore, Arc<CountingStore>, Arc<ManualClock>) {
    let store = Arc::new(CountingStore {
        signed_in: Mutex::new(true),
        version: AtomicU64::new(1),
        reads: AtomicUsize::new(0),
    });
    let clock = Arc::new(ManualClock(AtomicU64::new(1_000_000)));
    (CachedStore::new(store.clone(), clock.clone()), store, clock)
}

async fn read(cached: &CachedStore) -> (Option<SessionRecord>, u64) {
    let found = cached.recent_session(&session().digest).await.unwrap();
    let grant = cached.recent_grant(&session().grant).await.unwrap();
    (found, grant.map_or(0, |grant| grant.version))
}

#[tokio::test]
async fn a_thousand_requests_in_a_second_read_the_database_once() {
    let (cached, store, clock) = cached();
    for _ in 0..1000 {
        assert_eq!(read(&cached).await, (Some(session()), 1));
    }
    assert_eq!(store.reads.load(SeqCst), 2);
    clock.0.fetch_add(1000, SeqCst);
    read(&cached).await;
    assert_eq!(store.reads.load(SeqCst), 4);
}

#[tokio::test]
async fn a_thousand_concurrent_requests_read_the_database_once() {
    let (cached, store, _) = cached();
    let cached = Arc::new(cached);
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let cached = cached.clone();
            tokio::spawn(async move { read(&cached).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), (Some(session()), 1));
    }
    assert_eq!(store.reads.load(SeqCst), 2);
}

#[tokio::test]
async fn a_sign_out_takes_effect_at_once_and_on_another_replica_within_a_second() {
    let (cached, store, clock) = cached();
    read(&cached).await;
    *store.signed_in.lock().unwrap() = false;
    clock.0.fetch_add(999, SeqCst);
    assert!(read(&cached).await.0.is_some());
    clock.0.fetch_add(1, SeqCst);
    assert!(read(&cached).await.0.is_none());

    *store.signed_in.lock().unwrap() = true;
    assert!(read(&cached).await.0.is_some());
    cached
        .end_session(&session(), RevocationReason::SignedOut, 0, 0)
        .await
        .unwrap();
    assert!(read(&cached).await.0.is_none());
}

#[tokio::test]
async fn a_session_that_this_process_renewed_is_not_cached() {
    let (cached, ..) = cached();
    read(&cached).await;
    let renewed = SessionRecord {
        digest: Digest::of("another cookie"),
        ..session()
    };
    let done = cached
        .replace_session(
            &session(),
            RevocationReason::Replaced,
            &renewed,
            &grant(2),
            0,
        )
        .await;
    assert_eq!(done, Ok(true));
    assert_eq!(read(&cached).await.0, None);
}

#[tokio::test]
async fn a_written_grant_takes_effect_at_once_even_if_the_write_seemed_to_fail() {
    let (cached, ..) = cached();
    read(&cached).await;
    assert!(cached.replace(&grant(2), 0).await.is_err());
    assert_eq!(read(&cached).await.1, 2);
    let cancelled =
        tokio::time::timeout(Duration::from_millis(1), cached.replace(&grant(13), 0)).await;
    assert!(cancelled.is_err());
    assert_eq!(read(&cached).await.1, 13);
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_being_read_is_not_cached() {
    let (cached, ..) = cached();
    let ongoing = cached.sessions.begin_read(&session().digest, 1_000_000);
    cached
        .end_session(&session(), RevocationReason::SignedOut, 0, 0)
        .await
        .unwrap();
    cached.sessions.insert(session().digest, session(), ongoing);
    cached.touch_session(&session()).await.unwrap();
    assert_eq!(read(&cached).await.0, None);
}
