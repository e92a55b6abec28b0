//! Storing sign-ins that have begun.

use crate::{fixture::Fixture, sample};
use confidant_bff::store::{Digest, GrantId, PendingLogin, Renewal};

fn hex(digest: &Digest) -> String {
    let bytes = digest.bytes().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

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
    let taking: Vec<_> = (0..20)
        .map(|n| {
            let store = stores[n % 2].clone();
            tokio::spawn(async move { store.take_login(&state, &binding, 99).await })
        })
        .collect();
    let mut taken = Vec::new();
    for login in taking {
        taken.extend(login.await.unwrap().unwrap());
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

pub(crate) async fn a_sign_in_that_was_copied_to_another_state_or_browser_is_not_returned(
    fixture: &Fixture,
) {
    let (state, binding) = digests();
    let other = Digest::of("other");
    let store = fixture.store().await;
    let login = sample::login(100);
    for column in ["state_digest", "binding_digest"] {
        store.save_login(&state, &binding, &login).await.unwrap();
        let forged = fixture.literal(other.bytes());
        fixture
            .execute(&format!("UPDATE logins SET {column} = {forged}"))
            .await;
        let (state, binding) = match column {
            "state_digest" => (other, binding),
            _ => (state, other),
        };
        assert_eq!(
            store.take_login(&state, &binding, 99).await,
            Ok(None),
            "{column}"
        );
    }
}

fn renewal() -> PendingLogin {
    PendingLogin {
        renews: Some(Renewal {
            grant: GrantId("grant-1".into()),
            subject: "subject-1".into(),
            created_at: 7,
        }),
        ..sample::login(100)
    }
}

pub(crate) async fn a_renewal_is_found_with_the_session_that_it_is_for(fixture: &Fixture) {
    let (state, binding) = digests();
    let store = fixture.store().await;
    store
        .save_login(&state, &binding, &renewal())
        .await
        .unwrap();
    let taken = store.take_login(&state, &binding, 99).await;
    assert_eq!(taken, Ok(Some(renewal())));
}

pub(crate) async fn a_renewal_as_older_versions_stored_it_is_as_good_as_none(fixture: &Fixture) {
    let (state, binding) = digests();
    let store = fixture.store().await;
    // Then it named the subject alone; a sign-in that renews nothing has not
    // changed.
    for (renews, is_found) in [(r#""subject-1""#, false), ("null", true)] {
        let login = sample::login(100);
        store.save_login(&state, &binding, &login).await.unwrap();
        let old = format!(
            r#"{{"provider":"demo","kind":"bff","return_to":"/bff/menu","nonce":"a-nonce",
                "verifier":"a-verifier","authorization_url":"http://127.0.0.1:4000/authorize",
                "renews":{renews},"began_at":1,"expires_at":100}}"#
        );
        let row = format!("login {} {}", hex(&state), hex(&binding));
        let encrypted = fixture.encrypted(&row, &old);
        fixture
            .execute(&format!("UPDATE logins SET sealed = {encrypted}"))
            .await;
        let taken = store.take_login(&state, &binding, 99).await;
        assert_eq!(taken, Ok(is_found.then_some(login)), "{renews}");
    }
}

pub(crate) async fn a_browsers_sign_ins_are_deleted_and_no_others(fixture: &Fixture) {
    let store = fixture.store().await;
    let [one, two, other] = ["one", "two", "other"].map(Digest::of);
    let [mine, theirs] = ["my browser", "their browser"].map(Digest::of);
    let login = sample::login(100);
    for (state, binding) in [(&one, &mine), (&two, &mine), (&other, &theirs)] {
        store.save_login(state, binding, &login).await.unwrap();
    }
    assert_eq!(store.delete_logins(&mine).await, Ok(()));
    assert_eq!(fixture.count("logins").await, 1);
    assert_eq!(store.take_login(&one, &mine, 99).await, Ok(None));
    assert_eq!(store.take_login(&other, &theirs, 99).await, Ok(Some(login)));
    // Where there are none it is no error.
    assert_eq!(store.delete_logins(&mine).await, Ok(()));
}
