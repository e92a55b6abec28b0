//! Databases that are locked, unreachable or do not respond.

use crate::{
    database_link::DatabaseLink,
    fixture::{Fixture, open_at},
    sample,
};
use confidant_bff::store::StoreError;
use std::time::{Duration, Instant};

pub(crate) async fn an_outage_is_reported_and_needs_no_restart(fixture: &Fixture) {
    let link = DatabaseLink::to(fixture).await;
    let store = open_at(&link.url(), fixture.keys()).await.unwrap();
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();

    link.close().await;
    let other = sample::grant(0);
    let lost = sample::session(&other, 100);
    for _ in 0..2 {
        let outcome = store.begin_session(&lost, &other).await;
        assert!(
            matches!(outcome, Err(StoreError::Unavailable(_))),
            "{outcome:?}"
        );
    }

    link.open().await;
    assert_eq!(store.find_session(&lost.digest).await, Ok(None));
    assert_eq!(store.begin_session(&lost, &other).await, Ok(()));
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
}

pub(crate) async fn a_request_to_a_database_that_does_not_respond_fails(fixture: &Fixture) {
    let link = DatabaseLink::to(fixture).await;
    let store = open_at(&link.url(), fixture.keys()).await.unwrap();
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);

    link.silence().await;
    let began = Instant::now();
    let outcome = store.begin_session(&session, &grant).await;
    assert!(
        matches!(outcome, Err(StoreError::Unavailable(_))),
        "{outcome:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(30), "{began:?}");

    link.open().await;
    let stored = store.begin_session(&session, &grant).await;
    assert_eq!(stored, Ok(()));
    assert_eq!(store.find_session(&session.digest).await, Ok(Some(session)));
}
