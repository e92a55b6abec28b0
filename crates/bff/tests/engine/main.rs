//! The refresh engine against a model of a store and of a provider.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod metrics;
mod model;

use confidant_bff::{
    Reuse, TokenError,
    store::{GrantId, GrantStatus, TokenRequirement},
    testing::{Freshness, Outcome},
};
use confidant_wire::Cause;
use model::{Model, World};
use std::time::Duration;

const TRANSIENT: Outcome = Outcome::Transient { retry_after: None };

async fn usable(world: &World, id: &GrantId) -> Result<String, TokenError> {
    world
        .engine()
        .access_token(
            id,
            &TokenRequirement::default(),
            Freshness::Usable,
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
                        Freshness::Usable,
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
    assert_eq!(usable(&world, &id).await.unwrap(), "at-2");
    // It asked for something newer than the token it saw before the refresh.
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
async fn a_caller_who_goes_away_does_not_take_the_flight_down() {
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
                    Freshness::Usable,
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
async fn two_replicas_send_one_request_between_them() {
    let model = Model::new(Reuse::Strict);
    let (one, two) = (model.world(), model.world());
    let id = one.expired_grant().await;
    let (first, second) = tokio::join!(usable(&one, &id), usable(&two, &id));
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
        usable(&world, &id),
        engine.access_token(&id, &other, Freshness::Usable, Cause::Automatic)
    );
    assert_ne!(a.unwrap(), b.unwrap().secret);
    assert_eq!(world.presented(), ["rt-1", "rt-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_was_busy_once_is_asked_once_more() {
    let world = Model::new(Reuse::Strict).answering([TRANSIENT]).world();
    let id = world.expired_grant().await;
    assert_eq!(usable(&world, &id).await.unwrap(), "at-2");
    assert_eq!(world.presented(), ["rt-1", "rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_down_ends_no_session() {
    let world = Model::new(Reuse::Strict)
        .answering([TRANSIENT, TRANSIENT])
        .world();
    let id = world.expired_grant().await;
    let refused = usable(&world, &id).await;
    assert!(matches!(refused, Err(TokenError::Unavailable { .. })));
    assert_eq!(usable(&world, &id).await.unwrap(), "at-2");
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_is_presented_once() {
    let world = Model::new(Reuse::Strict)
        .answering([Outcome::Dead("invalid_grant".into())])
        .world();
    let id = world.expired_grant().await;
    for _ in 0..3 {
        let dead = TokenError::Dead("invalid_grant".into());
        assert_eq!(usable(&world, &id).await, Err(dead));
    }
    assert_eq!(world.presented().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_under_strict_rotation_is_not_followed_by_a_replay() {
    let world = Model::new(Reuse::Strict)
        .answering([Outcome::Ambiguous])
        .world();
    let id = world.expired_grant().await;
    for _ in 0..3 {
        assert_eq!(usable(&world, &id).await, Err(TokenError::Reauthorize));
    }
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_answer_the_token_in_hand_is_used_to_its_end() {
    let world = Model::new(Reuse::Strict)
        .answering([Outcome::Ambiguous])
        .world();
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
    assert_eq!(usable(&world, &id).await.unwrap(), "at-1");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_tried_again_where_that_is_harmless() {
    for reuse in [Reuse::Reusable, Reuse::Grace(Duration::from_secs(30))] {
        let world = Model::new(reuse).answering([Outcome::Ambiguous]).world();
        let id = world.expired_grant().await;
        assert_eq!(usable(&world, &id).await.unwrap(), "at-2", "{reuse:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn beyond_its_window_a_doubtful_token_is_not_presented() {
    let lost = [Outcome::Ambiguous, Outcome::Ambiguous];
    let world = Model::new(Reuse::Grace(Duration::from_secs(30)))
        .answering(lost)
        .world();
    let id = world.expired_grant().await;
    assert!(usable(&world, &id).await.is_err());
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert_eq!(usable(&world, &id).await, Err(TokenError::Reauthorize));
    assert_eq!(world.presented().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_flight_found_after_a_crash_counts_as_a_lost_answer() {
    for (reuse, expected) in [
        (Reuse::Strict, Err(TokenError::Reauthorize)),
        (Reuse::Reusable, Ok("at-2".to_owned())),
    ] {
        let world = Model::new(reuse).world();
        let id = world.expired_grant().await;
        world.crash_in_flight(&id).await;
        assert_eq!(usable(&world, &id).await, expected, "{reuse:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_kept_until_the_store_takes_it() {
    let model = Model::new(Reuse::Strict);
    let world = model.world();
    let id = world.expired_grant().await;
    model.store_fails_after(1, 5);
    assert_eq!(usable(&world, &id).await.unwrap(), "at-2");
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_stored_though_the_store_said_no_is_used() {
    let model = Model::new(Reuse::Strict);
    let world = model.world();
    let id = world.expired_grant().await;
    model.store_takes_and_fails_once();
    assert_eq!(usable(&world, &id).await.unwrap(), "at-2");
    assert_eq!(world.presented(), ["rt-1"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_after_its_lease_was_taken_for_lost_still_counts() {
    let model = Model::new(Reuse::Strict);
    let world = model.world();
    let id = world.expired_grant().await;
    // The store is gone for longer than the lease; another replica finds the
    // flight and settles it before the answer can be stored.
    model.store_fails_after(1, 9);
    let engine = world.engine();
    let flying = {
        let id = id.clone();
        tokio::spawn(async move {
            engine
                .access_token(
                    &id,
                    &TokenRequirement::default(),
                    Freshness::Usable,
                    Cause::Automatic,
                )
                .await
        })
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    model.resolve_lost(&id);
    flying.await.unwrap().unwrap();
    let grant = world.store().load(&id).await.unwrap().unwrap();
    assert_eq!(grant.status, GrantStatus::Active);
    assert_eq!(grant.generation, 2);
    assert!(grant.view(Reuse::Strict, world.clock().now()).is_some());
}
