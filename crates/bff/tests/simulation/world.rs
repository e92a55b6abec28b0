//! What all replicas share, and the checks of the invariants.

use crate::{
    mutation::Mutation,
    provider::{Family, Policy},
};
use confidant_bff::{
    Reuse,
    store::{Grant, GrantId, GrantStatus},
};
use confidant_wire::UnixMillis;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    collections::HashSet,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// The store, the provider and the faults of one seed.
pub(crate) struct World {
    pub(crate) policy: Policy,
    pub(crate) mutation: Option<Mutation>,
    pub(crate) dice: Dice,
    started_at: Instant,
    faults_ended: AtomicBool,
    state: Mutex<State>,
}

/// The probabilities of faults in this seed, and its random numbers.
pub(crate) struct Dice {
    random: Mutex<StdRng>,
    pub(crate) crash: f64,
    pub(crate) sleep: f64,
    pub(crate) store: f64,
    pub(crate) provider: f64,
}

pub(crate) struct State {
    pub(crate) grant: Grant,
    pub(crate) family: Family,
    /// Token requests under way, from the client's point of view.
    in_progress: Vec<(String, UnixMillis)>,
    /// Refresh tokens that were sent to the provider.
    presented: HashSet<String>,
    /// Refresh tokens whose response was lost, or may not have been stored.
    pub(crate) possibly_spent: HashSet<String>,
    /// Refresh tokens that the provider refused.
    pub(crate) refused: HashSet<String>,
    pub(crate) violation: Option<String>,
    pub(crate) events: Vec<String>,
}

impl World {
    pub(crate) fn new(seed: u64, mutation: Option<Mutation>) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let policies = [
            Policy::Static,
            Policy::Strict,
            Policy::Strict,
            Policy::GraceNewPair,
            Policy::GraceSameSuccessor,
        ];
        let policy = policies[random.random_range(0..policies.len())];
        // Each kind of fault is absent from a third of the seeds, so that no
        // fault hides what another one would reveal.
        let mut chance = |most: f64| {
            if random.random_bool(0.66) {
                random.random_range(0.0..most)
            } else {
                0.0
            }
        };
        let (crash, sleep, store, provider) =
            (chance(0.01), chance(0.01), chance(0.1), chance(0.6));
        let mut family = Family::new(policy);
        let grant = Grant::new(
            GrantId("g".into()),
            "p".into(),
            family.first(1_000_000),
            1_000_000,
        );
        Self {
            policy,
            mutation,
            dice: Dice {
                random: Mutex::new(random),
                crash,
                sleep,
                store,
                provider,
            },
            started_at: Instant::now(),
            faults_ended: AtomicBool::new(false),
            state: Mutex::new(State {
                grant,
                family,
                in_progress: Vec::new(),
                presented: HashSet::new(),
                possibly_spent: HashSet::new(),
                refused: HashSet::new(),
                violation: None,
                events: Vec::new(),
            }),
        }
    }

    pub(crate) fn now(&self) -> UnixMillis {
        1_000_000 + u64::try_from(self.started_at.elapsed().as_millis()).unwrap()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn has(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    /// Ends all faults.
    pub(crate) fn end_faults(&self) {
        self.faults_ended.store(true, Ordering::Relaxed);
    }

    /// Whether a fault of this probability occurs.
    pub(crate) fn happens(&self, probability: f64) -> bool {
        !self.faults_ended.load(Ordering::Relaxed) && self.dice.happens(probability)
    }

    pub(crate) fn violated(&self, what: String) {
        let mut state = self.state();
        state.events.push(format!("VIOLATION {what}"));
        state.violation.get_or_insert(what);
    }

    pub(crate) fn record(&self, what: String) {
        let now = self.now();
        self.state().events.push(format!("{now} {what}"));
    }

    /// Checks that the replica which is about to send a request holds the lease.
    pub(crate) fn check_lease(&self, refreshed: &Grant) {
        let now = self.now();
        let stored = self.state().grant.lease.clone();
        let holder = refreshed.lease.as_ref().map(|lease| &lease.holder);
        let is_holder =
            stored.is_some_and(|lease| Some(&lease.holder) == holder && lease.until > now);
        if !is_holder {
            self.violated("a request was sent without the lease".into());
        }
    }

    /// Records that a request is sent. The client stops waiting at `until`.
    pub(crate) fn request_sent(&self, token: &str, until: UnixMillis) {
        let now = self.now();
        let is_strict = self.policy.reuse() == Reuse::Strict;
        let mut state = self.state();
        state.in_progress.retain(|(_, ends)| *ends > now);
        let is_concurrent = state.in_progress.iter().any(|(other, _)| other == token);
        let is_repeated = !state.presented.insert(token.to_owned());
        state.in_progress.push((token.to_owned(), until));
        drop(state);
        if is_concurrent {
            self.violated(format!("two requests at once with {token}"));
        }
        if is_strict && is_repeated {
            self.violated(format!("{token} presented after it may have been spent"));
        }
    }

    /// Records that the client has a response, or stopped waiting.
    pub(crate) fn request_ended(&self, token: &str) {
        self.state().in_progress.retain(|(other, _)| other != token);
    }

    /// Checks a write to the store.
    pub(crate) fn check_write(&self, before: &Grant, after: &Grant) {
        let mut violation = None;
        let state = self.state();
        if after.generation < before.generation || after.serial < before.serial {
            violation = Some("an older token was stored over a newer one".to_owned());
        }
        if before.tokens.refresh_token.is_some() && after.tokens.refresh_token.is_none() {
            violation = Some("the refresh token was deleted".to_owned());
        }
        let newest = after.tokens.refresh_token.clone().unwrap_or_default();
        match after.status {
            GrantStatus::Dead(_) if !state.refused.contains(&newest) => {
                violation = Some(format!(
                    "the grant ended, although the provider never refused {newest}"
                ));
            }
            GrantStatus::Ambiguous(_) if !state.possibly_spent.contains(&newest) => {
                violation = Some(format!("{newest} counts as possibly spent without reason"));
            }
            _ => {}
        }
        drop(state);
        if let Some(violation) = violation {
            self.violated(violation);
        }
    }
}

impl Dice {
    pub(crate) fn happens(&self, probability: f64) -> bool {
        probability > 0.0 && self.random.lock().unwrap().random_bool(probability)
    }

    pub(crate) fn below(&self, end: u64) -> u64 {
        self.random.lock().unwrap().random_range(0..end)
    }

    pub(crate) fn time(&self, longest: Duration) -> Duration {
        Duration::from_millis(self.below(u64::try_from(longest.as_millis()).unwrap().max(1)))
    }
}
