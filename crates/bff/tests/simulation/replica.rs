//! One process, which may be suspended or crash at any await point.

use crate::{mutation::Mutation, world::World};
use async_trait::async_trait;
use confidant_bff::{
    Clock, Random, Reuse,
    store::{Grant, GrantId, GrantStore, StoreError, TokenRequirement},
    testing::{Metrics, Outcome, RefreshEngine, Timing, TokenEndpoint},
};
use confidant_protocol::Ambiguity;
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
        if world.has(Mutation::TrustALeaseAfterSuspension) {
            // The check before sending always finds time left: the stored lease
            // is shorter than the one that the engine assumes.
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
            Metrics::default(),
            timing,
        );
        (replica, engine)
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Relaxed)
    }

    /// An await point: other tasks run, and the process may be suspended or
    /// crash.
    async fn await_point(&self, what: &str) {
        for _ in 0..self.world.dice.below(3) {
            tokio::task::yield_now().await;
        }
        if self.world.happens(self.world.dice.sleep) {
            let pause = self.world.dice.time(Duration::from_secs(25));
            self.world
                .record(format!("is suspended for {pause:?} at {what}"));
            if pause >= self.timing.deadline {
                self.mark_stored_as_possibly_spent();
            }
            tokio::time::sleep(pause).await;
        }
        if self.is_alive() && self.world.happens(self.world.dice.crash) {
            self.alive.store(false, Ordering::Relaxed);
            self.world.record(format!("crashes at {what}"));
            // The outcome of its refresh will never be stored.
            self.mark_stored_as_possibly_spent();
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
        self.await_point("load").await;
        if self.world.happens(self.world.dice.store / 4.0) {
            return Err(StoreError::Unavailable("simulated".into()));
        }
        let mut grant = self.world.state().grant.clone();
        if self.world.has(Mutation::MixUpResources) && grant.tokens.access.len() > 1 {
            let first = grant.tokens.access[0].requirement.clone();
            grant.tokens.access[0].requirement = grant.tokens.access[1].requirement.clone();
            grant.tokens.access[1].requirement = first;
        }
        if self.world.has(Mutation::ServeExpiredTokens) {
            for cached_token in &mut grant.tokens.access {
                cached_token.token.expires_at =
                    cached_token.token.expires_at.map(|end| end + 20_000);
            }
        }
        self.await_point("loaded").await;
        Ok(Some(grant))
    }

    async fn revoke_unused(&self, _: &Grant, _: UnixMillis) -> Result<(), StoreError> {
        // No session ends here.
        Ok(())
    }

    async fn replace(&self, grant: &Grant, _: UnixMillis) -> Result<bool, StoreError> {
        self.await_point("replace").await;
        let mut grant = grant.clone();
        let is_outcome = grant.pending.is_none();
        if self.world.happens(self.world.dice.store) {
            if is_outcome {
                self.mark_as_possibly_spent(&grant);
            }
            return Err(StoreError::Unavailable("simulated, before".into()));
        }
        if self.world.has(Mutation::DropTheAnnouncement) {
            grant.pending = None;
        }
        if self.world.has(Mutation::DropTheLease) {
            grant.lease = None;
            grant.pending = None;
        }
        if self.world.has(Mutation::TrustALeaseAfterSuspension)
            && let Some(lease) = &mut grant.lease
        {
            lease.until -= 85_000;
        }
        if self.world.has(Mutation::DeleteTheRefreshToken) && is_outcome {
            grant.tokens.refresh_token = None;
        }
        let before = self.world.state().grant.clone();
        let ignores_version = self.world.has(Mutation::DropTheCompareAndSet);
        if !ignores_version && before.version + 1 != grant.version {
            return Ok(false);
        }
        if self.world.has(Mutation::ReportBeforeStoring) && grant.serial > before.serial {
            return Ok(true);
        }
        self.world.check_write(&before, &grant);
        self.world.record(format!(
            "stored v{} generation {} {:?} pending {:?}",
            grant.version, grant.generation, grant.status, grant.pending
        ));
        self.world.state().grant = grant;
        if self.world.happens(self.world.dice.store / 2.0) {
            // The announced request may never be sent.
            self.mark_stored_as_possibly_spent();
            return Err(StoreError::Unavailable("simulated, after".into()));
        }
        self.await_point("replaced").await;
        Ok(true)
    }
}

impl Replica {
    /// Records that the outcome may never be stored.
    fn mark_as_possibly_spent(&self, grant: &Grant) {
        let mut state = self.world.state();
        state
            .possibly_spent
            .extend(grant.tokens.refresh_token.clone());
        drop(state);
        self.mark_stored_as_possibly_spent();
    }

    fn mark_stored_as_possibly_spent(&self) {
        let mut state = self.world.state();
        let stored = state.grant.tokens.refresh_token.clone();
        state.possibly_spent.extend(stored);
    }
}

/// Marks a refresh token as possibly spent if its request is dropped while it is
/// under way.
struct RequestGuard<'a>(Option<(&'a World, &'a String)>);

impl Drop for RequestGuard<'_> {
    fn drop(&mut self) {
        if let Some((world, token)) = self.0 {
            world.request_ended(token);
            world.state().possibly_spent.insert(token.clone());
        }
    }
}

#[async_trait]
impl TokenEndpoint for Replica {
    async fn refresh(
        &self,
        grant: &Grant,
        requirement: &TokenRequirement,
        deadline: Duration,
    ) -> Outcome {
        let world = &self.world;
        let token = grant.tokens.refresh_token.clone().unwrap();
        world.check_lease(grant);
        // If the caller stops waiting, the token may be spent.
        let mut guard = RequestGuard(Some((world, &token)));
        self.await_point("send").await;
        let busy = |seconds: Option<u64>| {
            let retry_after = seconds.map(Duration::from_secs);
            if world.dice.happens(0.5) {
                Outcome::Transient { retry_after }
            } else {
                Outcome::RateLimited { retry_after }
            }
        };
        if world.happens(world.dice.provider / 4.0) {
            guard.0 = None;
            if world.has(Mutation::TreatBusyAsDead) {
                return Outcome::Dead("busy".into());
            }
            let index = usize::try_from(world.dice.below(3)).unwrap();
            return busy([None, Some(1), Some(10)][index]);
        }
        if requirement.resource.is_some() && world.happens(world.dice.provider / 4.0) {
            guard.0 = None;
            let error = "invalid_target".to_owned();
            return if world.has(Mutation::TreatARefusedResourceAsDead) {
                Outcome::Dead(error)
            } else {
                Outcome::RequestRefused(error)
            };
        }
        let until = world.now() + u64::try_from(deadline.as_millis()).unwrap();
        world.record(format!("presents {token}"));
        world.request_sent(&token, until);
        let slow = world.happens(world.dice.provider / 4.0);
        let lost = world.happens(world.dice.provider / 4.0);
        let unprocessed = lost && world.dice.happens(0.5);
        let latency = world
            .dice
            .time(Duration::from_millis(if slow { 12_000 } else { 80 }));
        if lost || latency >= deadline {
            world.state().possibly_spent.insert(token.clone());
        }
        let (sender, receiver) = oneshot::channel();
        // The provider continues whether or not the client still waits.
        let (provider, presented, requested) = (world.clone(), token.clone(), requirement.clone());
        tokio::spawn(async move {
            tokio::time::sleep(latency).await;
            if unprocessed {
                return;
            }
            let now = provider.now();
            let mut state = provider.state();
            let outcome = state.family.refresh(&presented, &requested, now);
            if matches!(outcome, Outcome::Dead(_)) {
                state.refused.insert(presented);
            }
            drop(state);
            if !lost {
                let _ = sender.send(outcome);
            }
        });
        let outcome = receiver
            .await
            .unwrap_or(Outcome::Ambiguous(Ambiguity::NoResponse));
        self.await_point("answered").await;
        world.request_ended(&token);
        guard.0 = None;
        outcome
    }

    fn reuse(&self, _: &str) -> Reuse {
        if self.world.has(Mutation::ReplayUnderStrictRotation) {
            Reuse::Reusable
        } else {
            self.world.policy.reuse()
        }
    }
}

impl Replica {
    pub(crate) fn deadline(&self) -> Duration {
        self.timing.deadline
    }
}
