//! Storing sessions.

use crate::{fixture::Fixture, sample};
use confidant_bff::session::Session;

pub(crate) async fn a_session_is_found_as_it_was_stored(fixture: &Fixture) {
    let store = fixture.store().await;
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    assert_eq!(
        store.find_session(&session.digest).await,
        Ok(Some(session.clone()))
    );
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
    let other = sample::session(&sample::grant(0), 100);
    assert_eq!(store.find_session(&other.digest).await, Ok(None));
}

pub(crate) async fn a_session_and_its_grant_are_stored_together_or_not_at_all(fixture: &Fixture) {
    let store = fixture.store().await;
    let first = sample::grant(0);
    let session = sample::session(&first, 100);
    store.begin_session(&session, &first).await.unwrap();
    // With the same cookie again, the database refuses the second of the two rows.
    let second = sample::grant(0);
    let again = Session {
        grant: second.id.clone(),
        ..session.clone()
    };
    assert!(store.begin_session(&again, &second).await.is_err());
    assert_eq!(store.load(&second.id).await, Ok(None));
    assert_eq!(store.find_session(&session.digest).await, Ok(Some(session)));
}

pub(crate) async fn the_last_use_of_a_session_is_stored(fixture: &Fixture) {
    let store = fixture.store().await;
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    let used = Session {
        last_seen: 50,
        expires_at: 150,
        ..session
    };
    store.touch_session(&used).await.unwrap();
    assert_eq!(store.find_session(&used.digest).await, Ok(Some(used)));
}

pub(crate) async fn ending_a_session_deletes_its_grant(fixture: &Fixture) {
    let store = fixture.store().await;
    let (grant, other) = (sample::grant(0), sample::grant(0));
    let session = sample::session(&grant, 100);
    let remaining = sample::session(&other, 100);
    store.begin_session(&session, &grant).await.unwrap();
    store.begin_session(&remaining, &other).await.unwrap();
    store.end_session(&session).await.unwrap();
    assert_eq!(store.find_session(&session.digest).await, Ok(None));
    assert_eq!(store.load(&grant.id).await, Ok(None));
    assert_eq!(
        store.find_session(&remaining.digest).await,
        Ok(Some(remaining))
    );
    // Ending it twice is not an error.
    store.end_session(&session).await.unwrap();
}

pub(crate) async fn sweeping_deletes_expired_rows_and_no_others(fixture: &Fixture) {
    let store = fixture.store().await;
    let (over, on) = (sample::grant(0), sample::grant(0));
    let (ended, goes_on) = (sample::session(&over, 100), sample::session(&on, 101));
    store.begin_session(&ended, &over).await.unwrap();
    store.begin_session(&goes_on, &on).await.unwrap();
    let [old, new] = ["old", "new"].map(confidant_bff::digest::Digest::of);
    store
        .save_login(&old, &old, &sample::login(100))
        .await
        .unwrap();
    store
        .save_login(&new, &new, &sample::login(101))
        .await
        .unwrap();
    assert_eq!(store.count_sessions().await, Ok(2));
    assert_eq!(store.sweep(100).await, Ok(1));
    assert_eq!(store.count_sessions().await, Ok(1));
    assert_eq!(store.find_session(&ended.digest).await, Ok(None));
    assert_eq!(store.load(&over.id).await, Ok(None));
    assert_eq!(store.load(&on.id).await, Ok(Some(on)));
    assert_eq!(fixture.count("sessions").await, 1);
    assert_eq!(fixture.count("logins").await, 1);
    assert!(store.take_login(&new, &new, 0).await.unwrap().is_some());
}

pub(crate) async fn a_user_name_that_a_database_cannot_store_does_not_prevent_a_sign_in(
    fixture: &Fixture,
) {
    let store = fixture.store().await;
    let grant = sample::grant(0);
    let session = Session {
        name: "a\0lice ✓".into(),
        ..sample::session(&grant, 100)
    };
    store.begin_session(&session, &grant).await.unwrap();
    let found = store.find_session(&session.digest).await.unwrap().unwrap();
    assert_eq!(found.name, "a\u{fffd}lice ✓");
}
