//! One process: it may stop at any await, for a while or for ever.

use crate::{mutation::Mutation, world::World};
use async_trait::async_trait;
use confidant_bff::{
    Clock, Random, Reuse,
    store::{Grant, GrantId, GrantStore, StoreError, TokenRequirement},
    testing::{ExchangeLog, Metrics, Outcome, RefreshEngine, Timing, TokenEndpoint},
};
use confidant_wire::UnixMillis;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::oneshot;

/// A process that runs an engine.
#[derive(Clone)]
pub(crate) struct Replica {
    world: Arc<World>,
    alive: Arc<AtomicBool>,
    timing: Timing,
}

impl Replica {
    pub(crate) fn start(world: &Arc<World>) -> (Self, RefreshEngine) {
        let mut timing = Timing::default();
        if world.has(Mutation::TrustALeaseAfterSleep) {
            // As if the check before sending always found time left: the
            // store is told of a shorter lease than the flight believes in.
            timing.lease = Duration::from_secs(100);
        }
        let replica = Self {
            world: world.clone(),
            alive: Arc::new(AtomicBool::new(true)),
            timing,
        };
        let engine = RefreshEngine::new(
            Arc::new(replica.clone()),
            Arc::new(replica.clone()),
            Arc::new(replica.clone()),
            Arc::new(replica.clone()),
            ExchangeLog::default(),
            Metrics::default(),
            timing,
        );
        (replica, engine)
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Relaxed)
    }

    /// An await point: other tasks run, time may pass, the process may end.
    async fn pass(&self, what: &str) {
        for _ in 0..self.world.dice.below(3) {
            tokio::task::yield_now().await;
        }
        if self.world.happens(self.world.dice.sleep) {
            let nap = self.world.dice.time(Duration::from_secs(25));
            self.world.tell(format!("sleeps {nap:?} at {what}"));
            if nap >= self.timing.deadline {
                self.doubt_stored();
            }
            tokio::time::sleep(nap).await;
        }
        if self.is_alive() && self.world.happens(self.world.dice.crash) {
            self.alive.store(false, Ordering::Relaxed);
            self.world.tell(format!("crashes at {what}"));
            // Its flight, if it had one, will never be stored.
            self.doubt_stored();
        }
        if !self.is_alive() {
            std::future::pending::<()>().await;
        }
    }
}

impl Clock for Replica {
    fn now(&self) -> UnixMillis {
        self.world.now()
    }
}

impl Random for Replica {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = u8::try_from(self.world.dice.below(256)).unwrap();
        }
    }
}

#[async_trait]
impl GrantStore for Replica {
    async fn load(&self, _: &GrantId) -> Result<Option<Grant>, StoreError> {
        self.pass("load").await;
        if self.world.happens(self.world.dice.store / 4.0) {
            return Err(StoreError::Unavailable("simulated".into()));
        }
        let mut grant = self.world.state().grant.clone();
        if self.world.has(Mutation::MixUpResources) && grant.tokens.access.len() > 1 {
            let first = grant.tokens.access[0].want.clone();
            grant.tokens.access[0].want = grant.tokens.access[1].want.clone();
            grant.tokens.access[1].want = first;
        }
        if self.world.has(Mutation::ServeExpiredTokens) {
            for cached_token in &mut grant.tokens.access {
                cached_token.token.expires_at =
                    cached_token.token.expires_at.map(|end| end + 20_000);
            }
        }
        self.pass("loaded").await;
        Ok(Some(grant))
    }

    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError> {
        self.pass("replace").await;
        let mut grant = grant.clone();
        let lands = grant.pending.is_none();
        if self.world.happens(self.world.dice.store) {
            if lands {
                self.doubt(&grant);
            }
            return Err(StoreError::Unavailable("simulated, before".into()));
        }
        if self.world.has(Mutation::DropTheIntent) {
            grant.pending = None;
        }
        if self.world.has(Mutation::DropTheLease) {
            grant.lease = None;
            grant.pending = None;
        }
        if self.world.has(Mutation::TrustALeaseAfterSleep)
            && let Some(lease) = &mut grant.lease
        {
            lease.until -= 85_000;
        }
        if self.world.has(Mutation::BlankTheRefreshToken) && lands {
            grant.tokens.refresh_token = None;
        }
        let before = self.world.state().grant.clone();
        let blind = self.world.has(Mutation::DropTheCompareAndSet);
        if !blind && before.version + 1 != grant.version {
            return Ok(false);
        }
        if self.world.has(Mutation::AnswerBeforeStoring) && grant.serial > before.serial {
            return Ok(true);
        }
        self.world.stored(&before, &grant);
        self.world.tell(format!(
            "stored v{} generation {} {:?} intent {:?}",
            grant.version, grant.generation, grant.status, grant.pending
        ));
        self.world.state().grant = grant;
        if self.world.happens(self.world.dice.store / 2.0) {
            // If it stays so, what was announced is never carried out.
            self.doubt_stored();
            return Err(StoreError::Unavailable("simulated, after".into()));
        }
        self.pass("replaced").await;
        Ok(true)
    }
}

impl Replica {
    /// The answer may never be stored.
    fn doubt(&self, grant: &Grant) {
        let mut state = self.world.state();
        state.doubted.extend(grant.tokens.refresh_token.clone());
        drop(state);
        self.doubt_stored();
    }

    fn doubt_stored(&self) {
        let mut state = self.world.state();
        let stored = state.grant.tokens.refresh_token.clone();
        state.doubted.extend(stored);
    }
}

/// A token whose request was dropped while it was under way.
struct Doubt<'a>(Option<(&'a World, &'a String)>);

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        if let Some((world, token)) = self.0 {
            world.arrives(token);
            world.state().doubted.insert(token.clone());
        }
    }
}

#[async_trait]
impl TokenEndpoint for Replica {
    async fn refresh(&self, grant: &Grant, want: &TokenRequirement, deadline: Duration) -> Outcome {
        let world = &self.world;
        let token = grant.tokens.refresh_token.clone().unwrap();
        world.sends(grant);
        // Given up before it was heard of, it is in doubt.
        let mut guard = Doubt(Some((world, &token)));
        self.pass("send").await;
        let busy = |seconds: Option<u64>| {
            let retry_after = seconds.map(Duration::from_secs);
            match world.dice.happens(0.5) {
                true => Outcome::Transient { retry_after },
                false => Outcome::RateLimited { retry_after },
            }
        };
        if world.happens(world.dice.provider / 4.0) {
            guard.0 = None;
            return match world.has(Mutation::TakeBusyForDead) {
                true => Outcome::Dead("busy".into()),
                false => {
                    busy([None, Some(1), Some(10)][usize::try_from(world.dice.below(3)).unwrap()])
                }
            };
        }
        if want.resource.is_some() && world.happens(world.dice.provider / 4.0) {
            guard.0 = None;
            let error = "invalid_target".to_owned();
            return match world.has(Mutation::TakeARefusedResourceForDead) {
                true => Outcome::Dead(error),
                false => Outcome::RequestRefused(error),
            };
        }
        let until = world.now() + u64::try_from(deadline.as_millis()).unwrap();
        world.tell(format!("presents {token}"));
        world.departs(&token, until);
        let slow = world.happens(world.dice.provider / 4.0);
        let lost = world.happens(world.dice.provider / 4.0);
        let unprocessed = lost && world.dice.happens(0.5);
        let latency = world
            .dice
            .time(Duration::from_millis(if slow { 12_000 } else { 80 }));
        if lost || latency >= deadline {
            world.state().doubted.insert(token.clone());
        }
        let (tell, told) = oneshot::channel();
        // The provider works on, whether or not anybody still listens.
        let (at_work, presented, wanted) = (world.clone(), token.clone(), want.clone());
        tokio::spawn(async move {
            tokio::time::sleep(latency).await;
            if unprocessed {
                return;
            }
            let now = at_work.now();
            let mut state = at_work.state();
            let outcome = state.family.refresh(&presented, &wanted, now);
            if matches!(outcome, Outcome::Dead(_)) {
                state.refused.insert(presented);
            }
            drop(state);
            if !lost {
                let _ = tell.send(outcome);
            }
        });
        let outcome = told.await.unwrap_or(Outcome::Ambiguous);
        self.pass("answered").await;
        world.arrives(&token);
        guard.0 = None;
        outcome
    }

    fn reuse(&self, _: &str) -> Reuse {
        match self.world.has(Mutation::ReplayUnderStrictRotation) {
            true => Reuse::Reusable,
            false => self.world.policy.reuse(),
        }
    }
}

impl Replica {
    pub(crate) fn deadline(&self) -> Duration {
        self.timing.deadline
    }
}
