//! One seed: people come and go, things go wrong, then all is well again.

use crate::{
    mutation::Mutation,
    provider::{LIFE, name},
    replica::Replica,
    world::World,
};
use confidant_bff::{
    AccessToken, Reuse, TokenError,
    store::{GrantId, GrantStatus, TokenRequirement},
    testing::{Freshness, RefreshEngine},
};
use confidant_wire::Cause;
use std::{sync::Arc, time::Duration};

/// Runs a seed. The error is the first invariant that broke.
pub(crate) fn run(seed: u64, mutation: Option<Mutation>) -> Result<(), String> {
    play(seed, mutation).0
}

/// What happened in a seed.
pub(crate) fn story(seed: u64) -> Vec<String> {
    play(seed, None).1
}

fn play(seed: u64, mutation: Option<Mutation>) -> (Result<(), String>, Vec<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let world = runtime.block_on(async {
        let world = Arc::new(World::new(seed, mutation));
        live(&world).await;
        world
    });
    let mut state = world.state();
    (
        state.violation.take().map_or(Ok(()), Err),
        std::mem::take(&mut state.story),
    )
}

async fn live(world: &Arc<World>) {
    let mut replicas: Vec<_> = (0..=world.dice.below(3))
        .map(|_| Replica::start(world))
        .collect();
    let mut callers = Vec::new();
    for _ in 0..20 + world.dice.below(30) {
        // Crowds more often than lone callers.
        if world.dice.happens(0.3) {
            tokio::time::sleep(world.dice.time(Duration::from_secs(LIFE))).await;
        }
        let index = usize::try_from(world.dice.below(3)).unwrap() % replicas.len();
        if !replicas[index].0.is_alive() {
            replicas[index] = Replica::start(world);
        }
        let caller = tokio::spawn(call(world.clone(), replicas[index].clone()));
        if world.happens(0.05) {
            caller.abort();
        }
        callers.push(caller);
    }
    tokio::time::sleep(Duration::from_secs(30)).await;
    world.calm_down();
    // Leases run out, pauses end, sleepers wake.
    tokio::time::sleep(Duration::from_secs(90)).await;
    for caller in callers {
        caller.abort();
    }
    all_is_well(world).await;
}

async fn call(world: Arc<World>, (replica, engine): (Replica, RefreshEngine)) {
    let want = TokenRequirement {
        resource: [None, None, Some("a"), Some("b")][usize::try_from(world.dice.below(4)).unwrap()]
            .map(Into::into),
        scope: None,
    };
    let explicit = world.dice.happens(0.2);
    let demand = if explicit {
        Freshness::NewerThan(world.state().grant.serial)
    } else {
        Freshness::Usable
    };
    let began = world.now();
    let result = engine
        .access_token(&GrantId("g".into()), &want, demand, Cause::Automatic)
        .await;
    world.tell(format!("{demand:?} for {} gets {result:?}", name(&want)));
    let took = world.now() - began;
    if Duration::from_millis(took) > replica.deadline() + Duration::from_millis(1) {
        world.violated(format!("a caller waited {took} ms"));
    }
    check(&world, &want, result);
}

fn check(world: &World, want: &TokenRequirement, result: Result<AccessToken, TokenError>) {
    match result {
        Ok(token) => {
            if !token.secret.ends_with(&format!("for {}", name(want))) {
                world.violated(format!("asked for {}, got {}", name(want), token.secret));
            }
            let now = world.now();
            if !world.state().family.accepts(&token.secret, now) {
                world.violated("an expired token was served".into());
            }
        }
        Err(TokenError::Gone | TokenError::NoRefreshToken | TokenError::Unreadable) => {
            world.violated("a token or a grant went missing".into());
        }
        Err(
            TokenError::Dead(_)
            | TokenError::Reauthorize
            | TokenError::Misconfigured(_)
            | TokenError::RequestRefused(_)
            | TokenError::Unavailable { .. }
            | TokenError::Store,
        ) => {}
    }
}

/// Once nothing goes wrong any more, every grant works that can.
async fn all_is_well(world: &Arc<World>) {
    let (_, engine) = Replica::start(world);
    let grant = world.state().grant.clone();
    let demand = Freshness::NewerThan(grant.serial);
    let result = engine
        .access_token(
            &grant.id,
            &TokenRequirement::default(),
            demand,
            Cause::Manual,
        )
        .await;
    world.tell(format!("in the end: {result:?}"));
    let token = grant.tokens.refresh_token.unwrap_or_default();
    let excused = match (&result, world.policy.reuse()) {
        (Ok(_), _) => true,
        (Err(TokenError::Dead(_)), _) => world.state().refused.contains(&token),
        (Err(TokenError::Reauthorize), Reuse::Strict | Reuse::Grace(_)) => {
            world.state().doubted.contains(&token)
        }
        _ => false,
    };
    if !excused {
        world.violated(format!("all is well, and still {result:?}"));
    }
    let stored = world.state().grant.clone();
    if result.is_ok() && stored.status != GrantStatus::Active {
        world.violated(format!("works, and counts as {:?}", stored.status));
    }
    check(world, &TokenRequirement::default(), result);
}
