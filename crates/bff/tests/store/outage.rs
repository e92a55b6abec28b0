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
    let fill_pool = (0..8).map(|_| store.find_session(&session.digest));
    for found in futures::future::join_all(fill_pool).await {
        assert_eq!(found, Ok(Some(session.clone())));
    }

    link.close().await;
    let other = sample::grant(0);
    let lost = sample::session(&other, 100);
    let outcome = store.begin_session(&lost, &other).await;
    assert!(
        matches!(outcome, Err(StoreError::Unavailable(_))),
        "{outcome:?}"
    );

    // One failed request is enough: none of the pool's other connections, which
    // the outage has ended, too, fails another.
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
