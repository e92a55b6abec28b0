//! A minimal store and provider, on tokio's virtual clock.

use async_trait::async_trait;
use confidant_bff::{
    Clock, Reuse, SystemRandom,
    store::{Grant, GrantId, GrantStore, StoreError, TokenRequirement, TokenResponse},
    testing::{
        Metrics, Outcome, RefreshEngine, Timing, TokenEndpoint, decide::begin_refresh,
        decide::resolve_lost,
    },
};
use confidant_wire::{Claims, UnixMillis};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// The store and the provider that all replicas share.
#[derive(Clone)]
pub(crate) struct Model(Arc<Shared>);

struct Shared {
    began: Instant,
    reuse: Reuse,
    grants: Mutex<HashMap<GrantId, Grant>>,
    /// The number of writes that succeed, and then of writes that fail.
    faults: Mutex<(u32, u32)>,
    /// Whether the next write is stored and reported as failed.
    fails_late: AtomicBool,
    outcomes: Mutex<VecDeque<Outcome>>,
    presented: Mutex<Vec<String>>,
    unused: Mutex<Vec<String>>,
}

/// One replica.
pub(crate) struct World {
    model: Model,
    engine: RefreshEngine,
}

impl Model {
    pub(crate) fn new(reuse: Reuse) -> Self {
        Self(Arc::new(Shared {
            began: Instant::now(),
            reuse,
            grants: Mutex::default(),
            faults: Mutex::new((u32::MAX, 0)),
            fails_late: AtomicBool::new(false),
            outcomes: Mutex::default(),
            presented: Mutex::default(),
            unused: Mutex::default(),
        }))
    }

    /// Sets the outcomes of the first requests. Later requests succeed.
    pub(crate) fn answering<const N: usize>(self, outcomes: [Outcome; N]) -> Self {
        self.0.outcomes.lock().unwrap().extend(outcomes);
        self
    }

    pub(crate) fn store_fails_after(&self, passes: u32, failures: u32) {
        *self.0.faults.lock().unwrap() = (passes, failures);
    }

    pub(crate) fn store_writes_once_and_fails(&self) {
        self.0.fails_late.store(true, Ordering::Relaxed);
    }

    pub(crate) fn resolve_lost(&self, id: &GrantId) {
        let mut grants = self.0.grants.lock().unwrap();
        let grant = grants.get_mut(id).unwrap();
        *grant = resolve_lost(grant);
    }

    pub(crate) fn world(&self) -> World {
        let engine = RefreshEngine::new(
            Arc::new(self.clone()),
            Arc::new(self.clone()),
            Arc::new(self.clone()),
            Arc::new(SystemRandom),
            Metrics::with_prefix("confidant"),
            Timing::default(),
        );
        World {
            model: self.clone(),
            engine,
        }
    }
}

impl World {
    pub(crate) fn engine(&self) -> RefreshEngine {
        self.engine.clone()
    }

    pub(crate) fn store(&self) -> &dyn GrantStore {
        &self.model
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &self.model
    }

    /// Returns the refresh tokens that were queued for revocation because they
    /// arrived too late.
    pub(crate) fn unused(&self) -> Vec<String> {
        self.model.0.unused.lock().unwrap().clone()
    }

    /// Ends the session of a grant, as a sign-out does.
    pub(crate) fn end_session(&self, id: &GrantId) {
        self.model.0.grants.lock().unwrap().remove(id);
    }

    pub(crate) fn presented(&self) -> Vec<String> {
        self.model.0.presented.lock().unwrap().clone()
    }

    pub(crate) async fn fresh_grant(&self) -> GrantId {
        let id = GrantId("g".into());
        let grant = Grant::new(id.clone(), "demo".into(), response(1), self.model.now());
        self.model
            .0
            .grants
            .lock()
            .unwrap()
            .insert(id.clone(), grant);
        id
    }

    pub(crate) async fn expired_grant(&self) -> GrantId {
        let id = self.fresh_grant().await;
        tokio::time::sleep(Duration::from_secs(61)).await;
        id
    }

    /// Announces a refresh whose process crashes, and waits until its lease has
    /// expired.
    pub(crate) async fn crash_during_refresh(&self, id: &GrantId) {
        let lease = Timing::default().lease;
        {
            let mut grants = self.model.0.grants.lock().unwrap();
            let grant = grants.get_mut(id).unwrap();
            *grant = begin_refresh(grant, "crashed", self.model.now(), lease);
        }
        tokio::time::sleep(lease).await;
    }
}

fn response(n: usize) -> TokenResponse {
    TokenResponse {
        access_token: format!("at-{n}"),
        token_type: "Bearer".into(),
        expires_in: Some(60),
        scopes: None,
        refresh_token: Some(format!("rt-{n}")),
        id_token: None,
        extras: Claims::new(),
    }
}

impl Clock for Model {
    fn now(&self) -> UnixMillis {
        1_000_000 + u64::try_from(self.0.began.elapsed().as_millis()).unwrap()
    }
}

#[async_trait]
impl GrantStore for Model {
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        tokio::task::yield_now().await;
        Ok(self.0.grants.lock().unwrap().get(id).cloned())
    }

    async fn replace(&self, grant: &Grant, _: UnixMillis) -> Result<bool, StoreError> {
        tokio::task::yield_now().await;
        {
            let mut faults = self.0.faults.lock().unwrap();
            match &mut *faults {
                (0, 0) => {}
                (0, failures) => {
                    *failures -= 1;
                    return Err(StoreError::Unavailable("simulated".into()));
                }
                (passes, _) => *passes -= 1,
            }
        }
        let mut grants = self.0.grants.lock().unwrap();
        let Some(stored) = grants.get_mut(&grant.id) else {
            return Ok(false);
        };
        if stored.version + 1 != grant.version {
            return Ok(false);
        }
        *stored = grant.clone();
        if self.0.fails_late.swap(false, Ordering::Relaxed) {
            return Err(StoreError::Unavailable("simulated".into()));
        }
        Ok(true)
    }

    async fn revoke_unused(&self, grant: &Grant, _: UnixMillis) -> Result<(), StoreError> {
        let token = grant.tokens.refresh_token.clone().unwrap();
        self.0.unused.lock().unwrap().push(token);
        Ok(())
    }
}

#[async_trait]
impl TokenEndpoint for Model {
    async fn refresh(&self, grant: &Grant, _: &TokenRequirement, _: Duration) -> Outcome {
        let token = grant.tokens.refresh_token.clone().unwrap();
        self.0.presented.lock().unwrap().push(token);
        tokio::time::sleep(Duration::from_millis(40)).await;
        let scripted = self.0.outcomes.lock().unwrap().pop_front();
        let n = usize::try_from(grant.serial).unwrap() + 1;
        scripted.unwrap_or_else(|| Outcome::Success(Box::new(response(n))))
    }

    fn reuse(&self, _: &str) -> Reuse {
        self.0.reuse
    }
}
