//! What all replicas share, and the invariants, checked where they can be
//! broken.

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

/// The world of one seed.
pub(crate) struct World {
    pub(crate) policy: Policy,
    pub(crate) mutation: Option<Mutation>,
    pub(crate) dice: Dice,
    began: Instant,
    calm: AtomicBool,
    state: Mutex<State>,
}

/// How often things go wrong, in this seed.
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
    flying: Vec<(String, UnixMillis)>,
    /// Tokens that reached the provider.
    presented: HashSet<String>,
    /// Tokens whose answer did not come, or may not have been stored.
    pub(crate) doubted: HashSet<String>,
    /// Tokens that the provider refused.
    pub(crate) refused: HashSet<String>,
    pub(crate) violation: Option<String>,
    pub(crate) story: Vec<String>,
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
        // A third of the seeds each without one kind of fault, so that no
        // fault hides what another would show.
        let mut chance = |most: f64| match random.random_bool(0.66) {
            true => random.random_range(0.0..most),
            false => 0.0,
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
            began: Instant::now(),
            calm: AtomicBool::new(false),
            state: Mutex::new(State {
                grant,
                family,
                flying: Vec::new(),
                presented: HashSet::new(),
                doubted: HashSet::new(),
                refused: HashSet::new(),
                violation: None,
                story: Vec::new(),
            }),
        }
    }

    pub(crate) fn now(&self) -> UnixMillis {
        1_000_000 + u64::try_from(self.began.elapsed().as_millis()).unwrap()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn has(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    /// From now on nothing goes wrong any more.
    pub(crate) fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&self, probability: f64) -> bool {
        !self.calm.load(Ordering::Relaxed) && self.dice.happens(probability)
    }

    pub(crate) fn violated(&self, what: String) {
        let mut state = self.state();
        state.story.push(format!("VIOLATION {what}"));
        state.violation.get_or_insert(what);
    }

    pub(crate) fn tell(&self, what: String) {
        let now = self.now();
        self.state().story.push(format!("{now} {what}"));
    }

    /// The engine decided that this very moment is one to send in.
    pub(crate) fn sends(&self, leased: &Grant) {
        let now = self.now();
        let stored = self.state().grant.lease.clone();
        let holder = leased.lease.as_ref().map(|lease| &lease.holder);
        let cached_token =
            stored.is_some_and(|lease| Some(&lease.holder) == holder && lease.until > now);
        if !cached_token {
            self.violated("a request was sent without the lease".into());
        }
    }

    /// A token request leaves; the client gives up on it at `until`.
    pub(crate) fn departs(&self, token: &str, until: UnixMillis) {
        let now = self.now();
        let strict = self.policy.reuse() == Reuse::Strict;
        let mut state = self.state();
        state.flying.retain(|(_, ends)| *ends > now);
        let twice = state.flying.iter().any(|(flying, _)| flying == token);
        let again = !state.presented.insert(token.to_owned());
        state.flying.push((token.to_owned(), until));
        drop(state);
        if twice {
            self.violated(format!("two flights at once for {token}"));
        }
        if strict && again {
            self.violated(format!("{token} presented after it may have been spent"));
        }
    }

    /// The client heard of it, or gave up.
    pub(crate) fn arrives(&self, token: &str) {
        self.state().flying.retain(|(flying, _)| flying != token);
    }

    /// A write reaches the store.
    pub(crate) fn stored(&self, before: &Grant, after: &Grant) {
        let mut wrong = None;
        let state = self.state();
        if after.generation < before.generation || after.serial < before.serial {
            wrong = Some("an older token was stored over a newer one".to_owned());
        }
        if before.tokens.refresh_token.is_some() && after.tokens.refresh_token.is_none() {
            wrong = Some("the refresh token was blanked".to_owned());
        }
        let newest = after.tokens.refresh_token.clone().unwrap_or_default();
        match after.status {
            GrantStatus::Dead(_) if !state.refused.contains(&newest) => {
                wrong = Some(format!("ended, though nobody refused {newest}"));
            }
            GrantStatus::Ambiguous(_) if !state.doubted.contains(&newest) => {
                wrong = Some(format!("{newest} doubted without reason"));
            }
            _ => {}
        }
        drop(state);
        if let Some(wrong) = wrong {
            self.violated(wrong);
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
