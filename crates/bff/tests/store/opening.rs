//! Opening a store.

use crate::{fixture::Fixture, sample};
use confidant_bff::{SystemRandom, keygen, store::OpenError};

pub(crate) async fn a_store_that_is_opened_again_still_has_its_contents(fixture: &Fixture) {
    let store = fixture.store().await;
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    drop(store);
    let store = fixture.store().await;
    assert_eq!(store.ping().await, Ok(()));
    let found = store.find_session(&session.digest).await;
    assert_eq!(found, Ok(Some(session)));
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
}

pub(crate) async fn many_processes_may_create_a_store_at_once(fixture: &Fixture) {
    let opening = (0..6).map(|_| fixture.open_with(fixture.keys()));
    for store in futures::future::join_all(opening).await {
        assert_eq!(store.unwrap().ping().await, Ok(()));
    }
}

pub(crate) async fn other_keys_are_refused_before_anything_is_read(fixture: &Fixture) {
    drop(fixture.store().await);
    let refused = fixture.open_with(&keygen(&SystemRandom)).await.err();
    assert!(matches!(refused, Some(OpenError::Keys)), "{refused:?}");
    assert!(fixture.open_with(fixture.keys()).await.is_ok());
}

pub(crate) async fn after_a_grant_is_replaced_under_a_new_key_the_old_key_may_be_removed(
    fixture: &Fixture,
) {
    let (old, new) = (fixture.keys(), keygen(&SystemRandom));
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    let store = fixture.store().await;
    store.begin_session(&session, &grant).await.unwrap();
    let both = fixture.open_with(&format!("{new}\n{old}")).await.unwrap();
    let mut grant = both.load(&grant.id).await.unwrap().unwrap();
    grant.version += 1;
    assert_eq!(both.replace(&grant, 50).await, Ok(true));
    let store = fixture.open_with(&new).await.unwrap();
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
    let refused = fixture.open_with(old).await.err();
    assert!(matches!(refused, Some(OpenError::Keys)), "{refused:?}");
}

pub(crate) async fn a_store_of_a_newer_version_is_refused_as_such(fixture: &Fixture) {
    drop(fixture.store().await);
    fixture
        .execute(&format!(
            "INSERT INTO _sqlx_migrations
                (version, description, installed_on, success, checksum, execution_time)
             VALUES (9000, 'of the future', CURRENT_TIMESTAMP, true, {}, 1)",
            fixture.garbage()
        ))
        .await;
    let refused = fixture.open_with(fixture.keys()).await.err().unwrap();
    assert!(matches!(refused, OpenError::Newer(9000)), "{refused:?}");
    assert!(refused.to_string().contains("newer version"), "{refused}");
    // The refused process has released the migration lock.
    fixture
        .execute("DELETE FROM _sqlx_migrations WHERE version = 9000")
        .await;
    assert!(fixture.open_with(fixture.keys()).await.is_ok());
}
