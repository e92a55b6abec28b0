use crate::{
    ErrorKind, Platform, ProviderProfile, PublicClient, Reuse, Settings,
    testing::{
        authorize,
        browser_model::{BrowserModel, Tab},
        provider_model::Fault,
        settings, sign_in,
    },
};
use futures::{FutureExt, executor::LocalPool, future::join_all, task::LocalSpawnExt};
use std::rc::Rc;

/// Returns a browser, what runs its tasks, and a client in each tab.
pub(super) fn browser(tabs: usize) -> (Rc<BrowserModel>, LocalPool, Vec<PublicClient<Tab>>) {
    let (browser, pool) = (BrowserModel::new(), LocalPool::new());
    let clients = (0..tabs)
        .map(|_| browser.tab(&pool).client(&settings()))
        .collect();
    (browser, pool, clients)
}

#[test]
fn four_tabs_with_one_expired_token_send_one_refresh() {
    let (browser, mut pool, tabs) = browser(4);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        for round in 1..=20 {
            // All tabs see what is stored before the token expires.
            join_all(tabs.iter().map(|tab| Platform::sleep(tab.platform(), 1))).await;
            browser.pass(61_000);
            let calls = tabs
                .iter()
                .flat_map(|tab| [tab.access_token(), tab.access_token()]);
            let results = join_all(calls).await;
            let first = results[0].as_ref().unwrap();
            assert!(results.iter().all(|tokens| {
                tokens
                    .as_ref()
                    .is_ok_and(|tokens| tokens.access_token == first.access_token)
            }));
            assert_eq!(browser.provider.borrow().refreshes, round);
        }
        assert_eq!(browser.provider.borrow().replays, 0);
    });
}

#[test]
fn without_web_locks_no_user_signs_in_and_no_token_is_refreshed() {
    let (browser, mut pool, tabs) = browser(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        browser.no_locks.set(true);
        let error = tabs[0].refresh().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::BrowserLacks);
        let response = authorize(&tabs[1], "/").await;
        let error = tabs[1].finish(&response).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::BrowserLacks);
        assert_eq!(browser.provider.borrow().refreshes, 0);
    });
}

#[test]
fn a_tab_that_reads_stale_storage_does_not_present_the_old_token() {
    let (browser, mut pool, tabs) = browser(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        // The second tab has seen the grant, and sees none of these refreshes.
        for _ in 0..3 {
            tabs[0].refresh().await.unwrap();
        }
        let tokens = tabs[1].refresh().await.unwrap();
        assert_eq!(tokens.serial, 4);
        assert_eq!(browser.provider.borrow().replays, 0);
    });
}

#[test]
fn after_a_lost_response_the_token_is_used_until_it_expires_and_never_presented_again() {
    let (browser, mut pool, tabs) = browser(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        browser.provider.borrow_mut().faults.push_back(Fault::Lost);
        let lost = tabs[0].refresh().await.unwrap_err();
        assert_eq!(lost.kind, ErrorKind::Reauthorize);
        assert!(lost.message.contains("CORS"));
        assert!(tabs[0].access_token().await.is_ok());
        assert_eq!(
            tabs[1].refresh().await.unwrap_err().kind,
            ErrorKind::Reauthorize
        );
        browser.pass(61_000);
        for tab in &tabs {
            assert_eq!(
                tab.profile().await.unwrap_err().kind,
                ErrorKind::Reauthorize
            );
        }
        assert_eq!(browser.provider.borrow().refreshes, 1);
        sign_in(&tabs[0]).await;
        assert!(tabs[0].refresh().await.is_ok());
    });
}

#[test]
fn a_tab_closed_during_a_refresh_blocks_no_other_and_leaves_no_replay() {
    let (browser, mut pool, tabs) = browser(1);
    let mut closing_pool = LocalPool::new();
    let closing = browser.tab(&closing_pool).client(&settings());
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(closing.platform(), 0).now_or_never();
    });
    // It has the metadata before the provider hangs.
    closing_pool.run_until(async { assert!(closing.profile().await.is_ok()) });
    browser.provider.borrow_mut().hangs = true;
    let refresh = async move { drop(closing.refresh().await) };
    closing_pool.spawner().spawn_local(refresh).unwrap();
    closing_pool.run_until_stalled();
    assert_eq!(browser.provider.borrow().refreshes, 1);
    drop(closing_pool);
    browser.provider.borrow_mut().hangs = false;
    pool.run_until(async {
        assert!(tabs[0].access_token().await.is_ok());
        assert_eq!(
            tabs[0].refresh().await.unwrap_err().kind,
            ErrorKind::Reauthorize
        );
        assert_eq!(browser.provider.borrow().replays, 0);
    });
}

#[test]
fn a_reusable_token_is_presented_again_after_a_lost_response() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let reusable = Settings {
        profile: ProviderProfile {
            reuse: Reuse::Reusable,
            ..ProviderProfile::generic()
        },
        ..settings()
    };
    let client = browser.tab(&pool).client(&reusable);
    browser.provider.borrow_mut().reusable = true;
    pool.run_until(async {
        sign_in(&client).await;
        browser.provider.borrow_mut().faults.push_back(Fault::Lost);
        assert_eq!(client.refresh().await.unwrap().generation, 1);
        assert_eq!(browser.provider.borrow().refreshes, 2);
    });
}

#[test]
fn one_503_is_not_noticed_and_a_provider_that_is_down_is_left_alone() {
    let (browser, mut pool, tabs) = browser(1);
    let client = &tabs[0];
    pool.run_until(async {
        sign_in(client).await;
        browser
            .provider
            .borrow_mut()
            .faults
            .push_back(Fault::Status(503));
        assert!(client.refresh().await.is_ok());
        browser.pass(61_000);
        browser
            .provider
            .borrow_mut()
            .faults
            .extend([Fault::Status(503); 20]);
        let before = browser.provider.borrow().requests;
        for _ in 0..10 {
            let error = client.profile().await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::ProviderUnavailable);
            assert!(error.retry_after.is_some_and(|wait| wait > 0));
        }
        assert_eq!(browser.provider.borrow().requests - before, 2);
        browser.provider.borrow_mut().faults.clear();
        browser.pass(6_000);
        assert!(client.profile().await.is_ok());
    });
}

#[test]
fn a_dead_grant_ends_the_session_with_its_reason_and_is_not_tried_again() {
    let (browser, mut pool, tabs) = browser(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        browser.provider.borrow_mut().revoke();
        for _ in 0..3 {
            assert_eq!(
                tabs[0].profile().await.unwrap_err().kind,
                ErrorKind::GrantDead
            );
        }
        assert_eq!(browser.provider.borrow().refreshes, 1);
        let session = tabs[0].session().await.unwrap();
        assert!(session.signed_in.is_none());
        assert!(session.ended.unwrap().message.contains("invalid_grant"));
    });
}

#[test]
fn the_token_is_refreshed_behind_the_caller_before_it_expires() {
    let (browser, mut pool, tabs) = browser(1);
    pool.run_until(sign_in(&tabs[0]));
    browser.pass(58_000);
    let tokens = pool.run_until(tabs[0].access_token()).unwrap();
    assert_eq!(tokens.serial, 1);
    pool.run_until_stalled();
    assert_eq!(pool.run_until(tabs[0].token()).unwrap().serial, 2);
}

#[test]
fn a_sign_out_waits_for_the_refresh_and_the_session_does_not_come_back() {
    let (browser, mut pool, tabs) = browser(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        let (refreshed, signed_out) = futures::join!(tabs[0].refresh(), tabs[1].sign_out());
        assert!(refreshed.is_ok() && signed_out.unwrap().revoked);
        Platform::sleep(tabs[0].platform(), 1).await;
        for tab in &tabs {
            assert_eq!(tab.token().await.unwrap_err().kind, ErrorKind::NotSignedIn);
        }
    });
    assert_eq!(browser.provider.borrow().replays, 0);
}

#[test]
fn a_duplicated_tab_gets_its_original_s_tokens_and_never_presents_a_spent_one() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let settings = Settings {
        storage: crate::Storage::Session,
        ..settings()
    };
    let tab = browser.tab(&pool);
    let original = tab.client(&settings);
    pool.run_until(sign_in(&original));
    let duplicate = tab.duplicate(&pool).client(&settings);
    let other = browser.tab(&pool).client(&settings);
    pool.run_until(async {
        for _ in 0..3 {
            for tab in [&original, &duplicate] {
                // The other tab's tokens have not arrived: it waits for them.
                assert!(tab.refresh().await.is_ok());
            }
            browser.pass(61_000);
            let both = futures::join!(original.access_token(), duplicate.access_token());
            assert_eq!(both.0.unwrap().serial, both.1.unwrap().serial);
        }
        assert_eq!(browser.provider.borrow().replays, 0);
        assert_eq!(
            other.token().await.unwrap_err().kind,
            ErrorKind::NotSignedIn
        );
    });
}

#[test]
fn a_full_storage_loses_no_token() {
    let (browser, mut pool, tabs) = browser(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        browser.full.set(true);
        assert_eq!(tabs[0].refresh().await.unwrap().serial, 2);
        assert_eq!(tabs[0].refresh().await.unwrap().serial, 3);
        browser.full.set(false);
        assert_eq!(tabs[0].refresh().await.unwrap().serial, 4);
        assert_eq!(browser.provider.borrow().replays, 0);
    });
}

#[test]
fn a_sign_out_that_another_tab_has_not_seen_is_not_undone_by_it() {
    let (browser, mut pool, tabs) = browser(2);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        Platform::sleep(tabs[1].platform(), 1).await;
        browser.partitioned.set(true);
        tabs[0].sign_out().await.unwrap();
        assert!(tabs[1].token().await.is_ok());
        assert_eq!(
            tabs[1].refresh().await.unwrap_err().kind,
            ErrorKind::NotSignedIn
        );
        assert_eq!(browser.provider.borrow().refreshes, 0);
        browser.partitioned.set(false);
        Platform::sleep(tabs[0].platform(), 1).await;
        assert_eq!(tabs[0].session().await.unwrap().signed_in, None);
    });
}

#[test]
fn a_provider_that_hangs_keeps_no_tab_waiting_for_the_lock() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let mut closing_pool = LocalPool::new();
    let hanging = browser.tab(&closing_pool).client(&settings());
    let tab = browser.tab(&pool).client(&settings());
    pool.run_until(async { sign_in(&tab).await });
    closing_pool.run_until(async { Platform::sleep(hanging.platform(), 1).await });
    // It needs the metadata first, and gets no response.
    browser.provider.borrow_mut().hangs = true;
    let refresh = async move { drop(hanging.refresh().await) };
    closing_pool.spawner().spawn_local(refresh).unwrap();
    closing_pool.run_until_stalled();
    browser.provider.borrow_mut().hangs = false;
    let refreshed = pool.run_until(async { tab.refresh().await });
    assert!(refreshed.is_ok());
    drop(closing_pool);
}
