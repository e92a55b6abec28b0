//! Storing sign-ins that have begun.

use crate::{fixture::Fixture, sample};
use confidant_bff::digest::Digest;

fn digests() -> (Digest, Digest) {
    (Digest::of("state"), Digest::of("binding"))
}

pub(crate) async fn of_many_requests_for_one_sign_in_one_gets_it(fixture: &Fixture) {
    let (state, binding) = digests();
    let stores = [fixture.store().await, fixture.store().await];
    let login = sample::login(100);
    stores[0]
        .save_login(&state, &binding, &login)
        .await
        .unwrap();
    let asking: Vec<_> = (0..20)
        .map(|n| {
            let store = stores[n % 2].clone();
            tokio::spawn(async move { store.take_login(&state, &binding, 99).await })
        })
        .collect();
    let mut taken = Vec::new();
    for answer in asking {
        taken.extend(answer.await.unwrap().unwrap());
    }
    assert!(taken == [login], "taken {} times", taken.len());
}

pub(crate) async fn another_browser_neither_gets_nor_deletes_a_sign_in(fixture: &Fixture) {
    let (state, binding) = digests();
    let store = fixture.store().await;
    let login = sample::login(100);
    store.save_login(&state, &binding, &login).await.unwrap();
    let other = Digest::of("another browser");
    assert_eq!(store.take_login(&state, &other, 99).await, Ok(None));
    assert_eq!(store.take_login(&other, &binding, 99).await, Ok(None));
    assert_eq!(
        store.take_login(&state, &binding, 99).await,
        Ok(Some(login))
    );
}

pub(crate) async fn an_expired_sign_in_is_not_returned(fixture: &Fixture) {
    let (state, binding) = digests();
    let store = fixture.store().await;
    let login = sample::login(100);
    store.save_login(&state, &binding, &login).await.unwrap();
    assert_eq!(store.take_login(&state, &binding, 100).await, Ok(None));
}

pub(crate) async fn a_corrupted_sign_in_is_not_returned(fixture: &Fixture) {
    let (state, binding) = digests();
    let store = fixture.store().await;
    let login = sample::login(100);
    store.save_login(&state, &binding, &login).await.unwrap();
    fixture
        .execute(&format!("UPDATE logins SET sealed = {}", fixture.garbage()))
        .await;
    assert_eq!(store.take_login(&state, &binding, 99).await, Ok(None));
}
