//! One seed: callers come and go while faults occur, then the faults end.

use crate::{
    mutation::Mutation,
    provider::{LIFETIME, resource},
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

/// Runs a seed. The error is the first invariant that was violated.
pub(crate) fn run(seed: u64, mutation: Option<Mutation>) -> Result<(), String> {
    run_scenario(seed, mutation).0
}

/// Returns the events of a seed.
pub(crate) fn events(seed: u64) -> Vec<String> {
    run_scenario(seed, None).1
}

fn run_scenario(seed: u64, mutation: Option<Mutation>) -> (Result<(), String>, Vec<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let world = runtime.block_on(async {
        let world = Arc::new(World::new(seed, mutation));
        call_under_faults(&world).await;
        world
    });
    let mut state = world.state();
    (
        state.violation.take().map_or(Ok(()), Err),
        std::mem::take(&mut state.events),
    )
}

async fn call_under_faults(world: &Arc<World>) {
    let mut replicas: Vec<_> = (0..=world.dice.below(3))
        .map(|_| Replica::start(world))
        .collect();
    let mut callers = Vec::new();
    for _ in 0..20 + world.dice.below(30) {
        // Concurrent callers are more frequent than single ones.
        if world.dice.happens(0.3) {
            tokio::time::sleep(world.dice.time(Duration::from_secs(LIFETIME))).await;
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
    world.end_faults();
    // Leases expire, pauses end, suspended processes continue.
    tokio::time::sleep(Duration::from_secs(90)).await;
    for caller in callers {
        caller.abort();
    }
    check_recovery(world).await;
}

async fn call(world: Arc<World>, (replica, engine): (Replica, RefreshEngine)) {
    let requirement = TokenRequirement {
        resource: [None, None, Some("a"), Some("b")][usize::try_from(world.dice.below(4)).unwrap()]
            .map(Into::into),
        scope: None,
    };
    let explicit = world.dice.happens(0.2);
    let freshness = if explicit {
        Freshness::NewerThan(world.state().grant.serial)
    } else {
        Freshness::Valid
    };
    let started_at = world.now();
    let result = engine
        .access_token(
            &GrantId("g".into()),
            &requirement,
            freshness,
            Cause::Automatic,
        )
        .await;
    world.record(format!(
        "{freshness:?} for {} gets {result:?}",
        resource(&requirement)
    ));
    let took = world.now() - started_at;
    if Duration::from_millis(took) > replica.deadline() + Duration::from_millis(1) {
        world.violated(format!("a caller waited {took} ms"));
    }
    check(&world, &requirement, result);
}

fn check(world: &World, requirement: &TokenRequirement, result: Result<AccessToken, TokenError>) {
    match result {
        Ok(token) => {
            if !token
                .secret
                .ends_with(&format!("for {}", resource(requirement)))
            {
                world.violated(format!(
                    "requested a token for {}, got {}",
                    resource(requirement),
                    token.secret
                ));
            }
            let now = world.now();
            if !world.state().family.accepts(&token.secret, now) {
                world.violated("an expired token was served".into());
            }
        }
        Err(TokenError::Gone | TokenError::NoRefreshToken | TokenError::Unreadable) => {
            world.violated("a token or a grant is missing".into());
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

/// Checks that the grant works once the faults have ended, unless there was a
/// reason for its end.
async fn check_recovery(world: &Arc<World>) {
    let (_, engine) = Replica::start(world);
    let grant = world.state().grant.clone();
    let freshness = Freshness::NewerThan(grant.serial);
    let result = engine
        .access_token(
            &grant.id,
            &TokenRequirement::default(),
            freshness,
            Cause::Manual,
        )
        .await;
    world.record(format!("after the faults: {result:?}"));
    let token = grant.tokens.refresh_token.unwrap_or_default();
    let is_justified = match (&result, world.policy.reuse()) {
        (Ok(_), _) => true,
        (Err(TokenError::Dead(_)), _) => world.state().refused.contains(&token),
        (Err(TokenError::Reauthorize), Reuse::Strict | Reuse::Grace(_)) => {
            world.state().possibly_spent.contains(&token)
        }
        _ => false,
    };
    if !is_justified {
        world.violated(format!("after the faults ended: {result:?}"));
    }
    let stored = world.state().grant.clone();
    if result.is_ok() && stored.status != GrantStatus::Active {
        world.violated(format!(
            "the grant works, but its status is {:?}",
            stored.status
        ));
    }
    check(world, &TokenRequirement::default(), result);
}
