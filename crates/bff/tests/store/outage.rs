//! Databases that are locked, gone, silent or full.

use crate::{
    database_link::DatabaseLink,
    fixture::{Fixture, open_at},
    sample,
};
use confidant_bff::store::StoreError;
use std::time::{Duration, Instant};

pub(crate) async fn an_outage_is_told_and_got_over_without_a_restart(fixture: &Fixture) {
    let link = DatabaseLink::to(fixture).await;
    let store = open_at(&link.url(), fixture.keys()).await.unwrap();
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();

    link.close().await;
    let other = sample::grant(0);
    let lost = sample::session(&other, 100);
    for _ in 0..2 {
        let told = store.begin_session(&lost, &other).await;
        assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    }

    link.open().await;
    assert_eq!(store.find_session(&lost.digest).await, Ok(None));
    assert_eq!(store.begin_session(&lost, &other).await, Ok(()));
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
}

pub(crate) async fn a_database_that_falls_silent_keeps_nobody_for_ever(fixture: &Fixture) {
    let link = DatabaseLink::to(fixture).await;
    let store = open_at(&link.url(), fixture.keys()).await.unwrap();
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);

    link.silence().await;
    let began = Instant::now();
    let told = store.begin_session(&session, &grant).await;
    assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    assert!(began.elapsed() < Duration::from_secs(30), "{began:?}");

    link.open().await;
    let stored = store.begin_session(&session, &grant).await;
    assert_eq!(stored, Ok(()));
    assert_eq!(store.find_session(&session.digest).await, Ok(Some(session)));
}
