//! Opening a store.

use crate::{ground::Ground, sample};
use confidant_bff::{keygen, random::SystemRandom, store::OpenError};

pub(crate) async fn what_was_stored_is_there_when_it_is_opened_again(ground: &Ground) {
    let store = ground.store().await;
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    drop(store);
    let store = ground.store().await;
    assert_eq!(store.ping().await, Ok(()));
    let found = store.find_session(&session.digest).await;
    assert_eq!(found, Ok(Some(session)));
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
}

pub(crate) async fn many_processes_may_begin_with_it_at_once(ground: &Ground) {
    let opening = (0..6).map(|_| ground.open_with(ground.keys()));
    for store in futures::future::join_all(opening).await {
        assert_eq!(store.unwrap().ping().await, Ok(()));
    }
}

pub(crate) async fn other_keys_are_refused_before_anything_is_read(ground: &Ground) {
    drop(ground.store().await);
    let refused = ground.open_with(&keygen(&SystemRandom)).await.err();
    assert!(matches!(refused, Some(OpenError::Keys)), "{refused:?}");
    assert!(ground.open_with(ground.keys()).await.is_ok());
}

pub(crate) async fn a_new_key_on_top_opens_it_and_then_the_old_one_may_go(ground: &Ground) {
    let (old, new) = (ground.keys(), keygen(&SystemRandom));
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    let store = ground.store().await;
    store.begin_session(&session, &grant).await.unwrap();
    let both = ground.open_with(&format!("{new}\n{old}")).await.unwrap();
    let mut grant = both.load(&grant.id).await.unwrap().unwrap();
    grant.version += 1;
    assert_eq!(both.replace(&grant).await, Ok(true));
    let store = ground.open_with(&new).await.unwrap();
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
    let refused = ground.open_with(old).await.err();
    assert!(matches!(refused, Some(OpenError::Keys)), "{refused:?}");
}

pub(crate) async fn a_store_of_a_newer_version_is_told_as_such(ground: &Ground) {
    drop(ground.store().await);
    ground
        .execute(&format!(
            "INSERT INTO _sqlx_migrations
                (version, description, installed_on, success, checksum, execution_time)
             VALUES (9000, 'of the future', CURRENT_TIMESTAMP, true, {}, 1)",
            ground.garbage()
        ))
        .await;
    let refused = ground.open_with(ground.keys()).await.err().unwrap();
    assert!(matches!(refused, OpenError::Newer(9000)), "{refused:?}");
    assert!(refused.to_string().contains("newer version"), "{refused}");
    // Whoever has the lock gave it back.
    ground
        .execute("DELETE FROM _sqlx_migrations WHERE version = 9000")
        .await;
    assert!(ground.open_with(ground.keys()).await.is_ok());
}
