//! The refresh engine against a model of a store and of a provider.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod metrics;
mod model;

use confidant_bff::{
    Reuse, TokenError,
    store::{GrantId, GrantStatus, TokenRequirement},
    testing::{Freshness, Outcome},
};
use confidant_protocol::Ambiguity;
use confidant_wire::Cause;
use model::{Model, World};
use std::time::Duration;

const TRANSIENT: Outcome = Outcome::Transient { retry_after: None };
const LOST: Outcome = Outcome::Ambiguous(Ambiguity::NoResponse);

async fn valid_token(world: &World, id: &GrantId) -> Result<String, TokenError> {
    world
        .engine()
        .access_token(
            id,
            &TokenRequirement::default(),
            Freshness::Valid,
            Cause::Automatic,
        )
        .await
        .map(|token| token.secret)
}

#[tokio::test(start_paused = true)]
async fn fifty_callers_share_one_token_request() {
    let world = Model::new(Reuse::Strict).world();
    let id = world.expired_grant().await;
    let engine = world.engine();
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (engine, id) = (engine.clone(), id.clone());
            tokio::spawn(async move {
                engine
                    .access_token(
                        &id,
                        &TokenRequirement::default(),
                        Freshness::Valid,
                        Cause::Automatic,
                    )
                    .await
            })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap().secret, "at-2");
    }
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_late_arrival_never_replays_the_old_refresh_token() {
    let world = Model::new(Reuse::Strict).world();
    let id = world.expired_grant().await;
    assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2");
    // The caller wants a newer token than the one it saw before the refresh.
    let late = world
        .engine()
        .access_token(
            &id,
            &TokenRequirement::default(),
            Freshness::NewerThan(1),
            Cause::Manual,
        )
        .await;
    assert_eq!(late.unwrap().secret, "at-2");
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_grant_knows_what_its_last_refresh_changed() {
    let world = Model::new(Reuse::Strict).world();
    let id = world.expired_grant().await;
    let stored = async || world.store().load(&id).await.unwrap().unwrap();
    let grant = stored().await;
    assert_eq!(grant.change(Reuse::Strict, 0), None);
    let before = grant.view(Reuse::Strict, 0).unwrap();
    valid_token(&world, &id).await.unwrap();
    let grant = stored().await;
    let change = grant.change(Reuse::Strict, 0).unwrap();
    assert_eq!(change.cause, Cause::Automatic);
    assert_eq!(change.before.access_token, before.access_token);
    assert_eq!(change.before.refresh_token, before.refresh_token);
    assert_eq!(change.after, grant.view(Reuse::Strict, 0).unwrap());
    assert_ne!(change.after.access_token, before.access_token);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_does_not_cancel_the_refresh() {
    let world = Model::new(Reuse::Strict).world();
    let id = world.expired_grant().await;
    let engine = world.engine();
    let caller = {
        let id = id.clone();
        tokio::spawn(async move {
            engine
                .access_token(
                    &id,
                    &TokenRequirement::default(),
                    Freshness::Valid,
                    Cause::Automatic,
                )
                .await
        })
    };
    tokio::time::sleep(Duration::from_millis(10)).await;
    caller.abort();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let grant = world.store().load(&id).await.unwrap().unwrap();
    assert_eq!(grant.generation, 2);
    assert_eq!(grant.pending, None);
}

#[tokio::test(start_paused = true)]
async fn two_replicas_send_only_one_request() {
    let model = Model::new(Reuse::Strict);
    let (one, two) = (model.world(), model.world());
    let id = one.expired_grant().await;
    let (first, second) = tokio::join!(valid_token(&one, &id), valid_token(&two, &id));
    assert_eq!(first.unwrap(), "at-2");
    assert_eq!(second.unwrap(), "at-2");
    assert_eq!(one.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_gets_the_token_of_the_resource_it_asked_for() {
    let world = Model::new(Reuse::Strict).world();
    let id = world.expired_grant().await;
    let other = TokenRequirement {
        resource: Some("https://b.example".into()),
        scope: None,
    };
    let engine = world.engine();
    let (a, b) = tokio::join!(
        valid_token(&world, &id),
        engine.access_token(&id, &other, Freshness::Valid, Cause::Automatic)
    );
    assert_ne!(a.unwrap(), b.unwrap().secret);
    assert_eq!(world.presented(), ["rt-1", "rt-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_a_busy_provider_did_not_process_is_sent_again_once() {
    let world = Model::new(Reuse::Strict).answering([TRANSIENT]).world();
    let id = world.expired_grant().await;
    assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2");
    assert_eq!(world.presented(), ["rt-1", "rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_down_ends_no_session() {
    let world = Model::new(Reuse::Strict)
        .answering([TRANSIENT, TRANSIENT])
        .world();
    let id = world.expired_grant().await;
    let refused = valid_token(&world, &id).await;
    assert!(matches!(refused, Err(TokenError::Unavailable { .. })));
    assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2");
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_is_presented_once() {
    let world = Model::new(Reuse::Strict)
        .answering([Outcome::Dead("invalid_grant".into())])
        .world();
    let id = world.expired_grant().await;
    for _ in 0..3 {
        let dead = TokenError::Dead("invalid_grant".into());
        assert_eq!(valid_token(&world, &id).await, Err(dead));
    }
    assert_eq!(world.presented().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_under_strict_rotation_is_not_followed_by_a_replay() {
    let world = Model::new(Reuse::Strict).answering([LOST]).world();
    let id = world.expired_grant().await;
    for _ in 0..3 {
        assert_eq!(valid_token(&world, &id).await, Err(TokenError::Reauthorize));
    }
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_response_the_access_token_is_used_until_it_expires() {
    let world = Model::new(Reuse::Strict).answering([LOST]).world();
    let id = world.fresh_grant().await;
    let engine = world.engine();
    let newer = engine
        .access_token(
            &id,
            &TokenRequirement::default(),
            Freshness::NewerThan(1),
            Cause::Manual,
        )
        .await;
    assert_eq!(newer, Err(TokenError::Reauthorize));
    assert_eq!(valid_token(&world, &id).await.unwrap(), "at-1");
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_response_the_request_is_sent_again_if_that_is_harmless() {
    for reuse in [Reuse::Reusable, Reuse::Grace(Duration::from_secs(30))] {
        let world = Model::new(reuse).answering([LOST]).world();
        let id = world.expired_grant().await;
        assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2", "{reuse:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_grace_period_a_possibly_spent_refresh_token_is_not_presented() {
    let world = Model::new(Reuse::Grace(Duration::from_secs(30)))
        .answering([LOST, LOST])
        .world();
    let id = world.expired_grant().await;
    assert!(valid_token(&world, &id).await.is_err());
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(valid_token(&world, &id).await, Err(TokenError::Reauthorize));
    assert_eq!(world.presented().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_found_after_a_crash_counts_as_a_lost_response() {
    for (reuse, expected) in [
        (Reuse::Strict, Err(TokenError::Reauthorize)),
        (Reuse::Reusable, Ok("at-2".to_owned())),
    ] {
        let world = Model::new(reuse).world();
        let id = world.expired_grant().await;
        world.crash_during_refresh(&id).await;
        assert_eq!(valid_token(&world, &id).await, expected, "{reuse:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_is_kept_until_the_store_accepts_it() {
    let model = Model::new(Reuse::Strict);
    let world = model.world();
    let id = world.expired_grant().await;
    model.store_fails_after(1, 5);
    assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2");
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_stored_although_the_write_failed_is_used() {
    let model = Model::new(Reuse::Strict);
    let world = model.world();
    let id = world.expired_grant().await;
    model.store_writes_once_and_fails();
    assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2");
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_comes_after_its_refresh_was_resolved_as_lost_still_counts() {
    let model = Model::new(Reuse::Strict);
    let world = model.world();
    let id = world.expired_grant().await;
    // The store fails for longer than the lease. Another replica finds the
    // refresh and resolves it as lost before the response can be stored.
    model.store_fails_after(1, 9);
    let engine = world.engine();
    let refreshing = {
        let id = id.clone();
        tokio::spawn(async move {
            engine
                .access_token(
                    &id,
                    &TokenRequirement::default(),
                    Freshness::Valid,
                    Cause::Automatic,
                )
                .await
        })
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    model.resolve_lost(&id);
    refreshing.await.unwrap().unwrap();
    let grant = world.store().load(&id).await.unwrap().unwrap();
    assert_eq!(grant.status, GrantStatus::Active);
    assert_eq!(grant.generation, 2);
    assert!(grant.view(Reuse::Strict, world.clock().now()).is_some());
}

#[tokio::test(start_paused = true)]
async fn tokens_that_arrive_after_the_sign_out_are_queued_for_revocation() {
    let world = Model::new(Reuse::Strict).world();
    let id = world.expired_grant().await;
    let (caller, ()) = tokio::join!(valid_token(&world, &id), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        world.end_session(&id);
    });
    assert_eq!(caller, Err(TokenError::Gone));
    assert_eq!(world.presented(), ["rt-1"]);
    assert_eq!(world.unused(), ["rt-2"]);
}
