use super::{provider::Fault, settings, sign_in, world::World};
use crate::Platform;
use crate::{Kind, PublicClient, Reuse, Settings};
use confidant_wire::ValidationMethod;
use futures::{FutureExt, executor::LocalPool, future::join_all, task::LocalSpawnExt};
use std::rc::Rc;

fn world(tabs: usize) -> (Rc<World>, LocalPool, Vec<PublicClient<super::Tab>>) {
    let (world, pool) = (World::new(), LocalPool::new());
    let clients = (0..tabs)
        .map(|_| world.tab(&pool).client(&settings()))
        .collect();
    (world, pool, clients)
}

#[test]
fn four_tabs_with_one_expired_token_send_one_refresh() {
    for has_locks in [true, false] {
        let (world, mut pool, tabs) = world(4);
        world.has_locks.set(has_locks);
        pool.run_until(async {
            sign_in(&tabs[0]).await;
            for round in 1..=20 {
                // All see what is there before the token runs out.
                join_all(tabs.iter().map(|tab| Platform::sleep(tab.platform(), 1))).await;
                world.pass(61_000);
                let calls = tabs
                    .iter()
                    .flat_map(|tab| [tab.access_token(), tab.access_token()]);
                let held = join_all(calls).await;
                let first = held[0].as_ref().unwrap();
                assert!(held.iter().all(|held| {
                    held.as_ref()
                        .is_ok_and(|held| held.access_token == first.access_token)
                }));
                assert_eq!(world.provider.borrow().refreshes, round);
            }
            assert_eq!(world.provider.borrow().replays, 0);
        });
    }
}

#[test]
fn a_tab_that_reads_stale_storage_does_not_present_the_old_token() {
    let (world, mut pool, tabs) = world(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        // The second tab has seen the grant, and sees none of these.
        for _ in 0..3 {
            tabs[0].refresh().await.unwrap();
        }
        let held = tabs[1].refresh().await.unwrap();
        assert_eq!(held.serial, 4);
        assert_eq!(world.provider.borrow().replays, 0);
    });
}

#[test]
fn after_a_lost_answer_the_token_is_used_to_its_end_and_never_sent_again() {
    let (world, mut pool, tabs) = world(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        world.provider.borrow_mut().faults.push_back(Fault::Lost);
        let lost = tabs[0].refresh().await.unwrap_err();
        assert_eq!(lost.kind, Kind::Reauthorize);
        assert!(lost.message.contains("CORS"));
        assert!(tabs[0].access_token().await.is_ok());
        assert_eq!(tabs[1].refresh().await.unwrap_err().kind, Kind::Reauthorize);
        world.pass(61_000);
        for tab in &tabs {
            assert_eq!(tab.profile().await.unwrap_err().kind, Kind::Reauthorize);
        }
        assert_eq!(world.provider.borrow().refreshes, 1);
        sign_in(&tabs[0]).await;
        assert!(tabs[0].refresh().await.is_ok());
    });
}

#[test]
fn a_tab_closed_in_mid_flight_blocks_nobody_and_leaves_no_replay() {
    let (world, mut pool, tabs) = world(1);
    let mut doomed = LocalPool::new();
    let closing = world.tab(&doomed).client(&settings());
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(closing.platform(), 0).now_or_never();
    });
    // It knows the provider before it falls silent.
    doomed.run_until(async { assert!(closing.profile().await.is_ok()) });
    world.provider.borrow_mut().hangs = true;
    let flight = async move { drop(closing.refresh().await) };
    doomed.spawner().spawn_local(flight).unwrap();
    doomed.run_until_stalled();
    assert_eq!(world.provider.borrow().refreshes, 1);
    drop(doomed);
    world.provider.borrow_mut().hangs = false;
    pool.run_until(async {
        assert!(tabs[0].access_token().await.is_ok());
        assert_eq!(tabs[0].refresh().await.unwrap_err().kind, Kind::Reauthorize);
        assert_eq!(world.provider.borrow().replays, 0);
    });
}

#[test]
fn a_token_that_stays_good_is_sent_again_after_a_lost_answer() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let reusable = Settings {
        reuse: Reuse::Reusable,
        ..settings()
    };
    let client = world.tab(&pool).client(&reusable);
    world.provider.borrow_mut().reusable = true;
    pool.run_until(async {
        sign_in(&client).await;
        world.provider.borrow_mut().faults.push_back(Fault::Lost);
        assert_eq!(client.refresh().await.unwrap().generation, 1);
        assert_eq!(world.provider.borrow().refreshes, 2);
    });
}

#[test]
fn nobody_notices_one_503_and_a_provider_that_is_down_is_left_alone() {
    let (world, mut pool, tabs) = world(1);
    let client = &tabs[0];
    pool.run_until(async {
        sign_in(client).await;
        world
            .provider
            .borrow_mut()
            .faults
            .push_back(Fault::Status(503));
        assert!(client.refresh().await.is_ok());
        world.pass(61_000);
        world
            .provider
            .borrow_mut()
            .faults
            .extend([Fault::Status(503); 20]);
        let before = world.provider.borrow().requests;
        for _ in 0..10 {
            let error = client.profile().await.unwrap_err();
            assert_eq!(error.kind, Kind::ProviderUnavailable);
            assert!(error.retry_after.is_some_and(|wait| wait > 0));
        }
        assert_eq!(world.provider.borrow().requests - before, 2);
        world.provider.borrow_mut().faults.clear();
        world.pass(6_000);
        assert!(client.profile().await.is_ok());
    });
}

#[test]
fn a_dead_grant_ends_the_session_with_its_reason_and_is_not_tried_again() {
    let (world, mut pool, tabs) = world(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        world.provider.borrow_mut().revoke();
        for _ in 0..3 {
            assert_eq!(tabs[0].profile().await.unwrap_err().kind, Kind::GrantDead);
        }
        assert_eq!(world.provider.borrow().refreshes, 1);
        let session = tabs[0].session().await.unwrap();
        assert!(session.signed_in.is_none());
        assert!(session.ended.unwrap().message.contains("invalid_grant"));
    });
}

#[test]
fn a_fresh_token_that_an_api_refuses_is_refreshed_and_the_call_sent_once_more() {
    let (world, mut pool, tabs) = world(1);
    let api = "http://localhost:1/api/me";
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        world.provider.borrow_mut().refused_below = 2;
        assert_eq!(tabs[0].call(api, "GET", None).await.unwrap().status, 200);
        world.provider.borrow_mut().refused_below = 9;
        assert_eq!(tabs[0].call(api, "GET", None).await.unwrap().status, 401);
        assert_eq!(world.provider.borrow().calls, 4);
        assert_eq!(world.provider.borrow().refreshes, 2);
        let other = "http://localhost:1/userinfo";
        let error = tabs[0].call(other, "GET", None).await.unwrap_err();
        assert_eq!(error.kind, Kind::UnknownApi);
    });
}

#[test]
fn the_token_is_refreshed_behind_the_caller_before_it_runs_out() {
    let (world, mut pool, tabs) = world(1);
    pool.run_until(sign_in(&tabs[0]));
    world.pass(58_000);
    let held = pool.run_until(tabs[0].access_token()).unwrap();
    assert_eq!(held.serial, 1);
    pool.run_until_stalled();
    assert_eq!(pool.run_until(tabs[0].token()).unwrap().serial, 2);
}

#[test]
fn a_sign_out_waits_for_the_flight_and_nothing_comes_back() {
    let (world, mut pool, tabs) = world(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        let (refreshed, done) = futures::join!(tabs[0].refresh(), tabs[1].sign_out());
        assert!(refreshed.is_ok() && done.unwrap().revoked);
        Platform::sleep(tabs[0].platform(), 1).await;
        for tab in &tabs {
            assert_eq!(tab.token().await.unwrap_err().kind, Kind::NotSignedIn);
        }
    });
    assert_eq!(world.provider.borrow().replays, 0);
}

#[test]
fn a_duplicated_tab_gets_its_originals_tokens_and_never_sends_a_spent_one() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let settings = Settings {
        storage: crate::Storage::Session,
        ..settings()
    };
    let tab = world.tab(&pool);
    let original = tab.client(&settings);
    pool.run_until(sign_in(&original));
    let duplicate = tab.duplicate(&pool).client(&settings);
    let stranger = world.tab(&pool).client(&settings);
    pool.run_until(async {
        for _ in 0..3 {
            for tab in [&original, &duplicate] {
                // The other's tokens have not arrived: it waits for them.
                assert!(tab.refresh().await.is_ok());
            }
            world.pass(61_000);
            let both = futures::join!(original.access_token(), duplicate.access_token());
            assert_eq!(both.0.unwrap().serial, both.1.unwrap().serial);
        }
        assert_eq!(world.provider.borrow().replays, 0);
        assert_eq!(stranger.token().await.unwrap_err().kind, Kind::NotSignedIn);
    });
}

#[test]
fn a_full_storage_costs_no_token() {
    let (world, mut pool, tabs) = world(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        world.full.set(true);
        assert_eq!(tabs[0].refresh().await.unwrap().serial, 2);
        assert_eq!(tabs[0].refresh().await.unwrap().serial, 3);
        world.full.set(false);
        assert_eq!(tabs[0].refresh().await.unwrap().serial, 4);
        assert_eq!(world.provider.borrow().replays, 0);
    });
}

#[test]
fn the_report_tells_the_change_and_what_travelled() {
    let (_, mut pool, tabs) = world(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        tabs[0].refresh().await.unwrap();
        let report = tabs[0].report().await;
        let change = report.change.unwrap();
        assert_eq!((change.before.generation, change.after.generation), (1, 2));
        let paths: Vec<_> = report.exchanges.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(
            paths,
            ["/.well-known/openid-configuration", "/token", "/token"]
        );
    });
}

#[test]
fn a_sign_out_that_does_not_get_round_is_not_undone_by_another_tab() {
    let (world, mut pool, tabs) = world(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        world.apart.set(true);
        tabs[0].sign_out().await.unwrap();
        assert!(tabs[1].token().await.is_ok());
        assert_eq!(tabs[1].refresh().await.unwrap_err().kind, Kind::NotSignedIn);
        assert_eq!(world.provider.borrow().refreshes, 0);
        world.apart.set(false);
        Platform::sleep(tabs[0].platform(), 1).await;
        assert_eq!(tabs[0].session().await.unwrap().signed_in, None);
    });
}

#[test]
fn a_token_is_validated_as_far_as_the_provider_lets_pages_ask() {
    let (world, mut pool, tabs) = world(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        let good = tabs[0].validate().await.unwrap();
        assert_eq!((good.active, good.by), (true, ValidationMethod::Userinfo));
        world.provider.borrow_mut().refused_below = 2;
        let refused = tabs[0].validate().await.unwrap();
        assert!(!refused.active);
        assert_eq!(world.provider.borrow().refreshes, 0);
    });
}

#[test]
fn a_provider_that_is_down_keeps_no_tab_waiting_for_the_lock() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let mut doomed = LocalPool::new();
    let hanging = world.tab(&doomed).client(&settings());
    let tab = world.tab(&pool).client(&settings());
    pool.run_until(async { sign_in(&tab).await });
    doomed.run_until(async { Platform::sleep(hanging.platform(), 1).await });
    // It has to ask for the metadata first, and is not answered.
    world.provider.borrow_mut().hangs = true;
    let flight = async move { drop(hanging.refresh().await) };
    doomed.spawner().spawn_local(flight).unwrap();
    doomed.run_until_stalled();
    world.provider.borrow_mut().hangs = false;
    let refreshed = pool.run_until(async { tab.refresh().await });
    assert!(refreshed.is_ok());
    drop(doomed);
}

#[test]
fn an_api_that_refuses_a_token_without_a_successor_has_the_last_word() {
    let (world, mut pool, tabs) = world(1);
    world.provider.borrow_mut().sparing = true;
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        world.provider.borrow_mut().refused_below = 2;
        let answer = tabs[0].call("http://localhost:1/api/me", "GET", None).await;
        assert_eq!(answer.unwrap().status, 401);
        let refused = tabs[0].profile().await.unwrap_err();
        assert_eq!(refused.kind, Kind::ProviderMisbehaved);
        assert_eq!(world.provider.borrow().calls, 2);
    });
}
