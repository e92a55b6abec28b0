//! Storing sessions.

use crate::{fixture::Fixture, sample};
use confidant_bff::store::{RevocationReason, SessionRecord};

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
    let again = SessionRecord {
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
    let used = SessionRecord {
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
    store
        .end_session(&session, RevocationReason::SignedOut, 50, 50)
        .await
        .unwrap();
    assert_eq!(store.find_session(&session.digest).await, Ok(None));
    assert_eq!(store.load(&grant.id).await, Ok(None));
    assert_eq!(
        store.find_session(&remaining.digest).await,
        Ok(Some(remaining))
    );
    // Ending it twice is not an error.
    store
        .end_session(&session, RevocationReason::SignedOut, 50, 50)
        .await
        .unwrap();
}

pub(crate) async fn a_renewed_session_takes_the_place_of_the_old_one(fixture: &Fixture) {
    let store = fixture.store().await;
    let (old_grant, new_grant) = (sample::grant(0), sample::grant(0));
    let old = sample::session(&old_grant, 100);
    let new = sample::session(&new_grant, 200);
    store.begin_session(&old, &old_grant).await.unwrap();
    let renewed = store
        .replace_session(&old, RevocationReason::Replaced, &new, &new_grant, 50)
        .await;
    assert_eq!(renewed, Ok(true));
    assert_eq!(store.find_session(&old.digest).await, Ok(None));
    assert_eq!(store.load(&old_grant.id).await, Ok(None));
    assert_eq!(store.find_session(&new.digest).await, Ok(Some(new)));
    assert_eq!(store.load(&new_grant.id).await, Ok(Some(new_grant)));
}

pub(crate) async fn a_session_that_has_ended_is_not_renewed(fixture: &Fixture) {
    let store = fixture.store().await;
    let (old_grant, new_grant) = (sample::grant(0), sample::grant(0));
    let old = sample::session(&old_grant, 100);
    let new = sample::session(&new_grant, 200);
    store.begin_session(&old, &old_grant).await.unwrap();
    store
        .end_session(&old, RevocationReason::SignedOut, 50, 50)
        .await
        .unwrap();
    let renewed = store
        .replace_session(&old, RevocationReason::Replaced, &new, &new_grant, 50)
        .await;
    assert_eq!(renewed, Ok(false));
    assert_eq!(fixture.count("sessions").await, 0);
    assert_eq!(fixture.count("grants").await, 0);
}

pub(crate) async fn of_renewals_and_a_sign_out_at_one_moment_one_is_carried_out(fixture: &Fixture) {
    let stores = [fixture.store().await, fixture.store().await];
    for _ in 0..20 {
        let old_grant = sample::grant(0);
        let old = sample::session(&old_grant, 100);
        stores[0].begin_session(&old, &old_grant).await.unwrap();
        let renewing: Vec<_> = (0..4)
            .map(|n| {
                let (store, old) = (stores[n % 2].clone(), old.clone());
                tokio::spawn(async move {
                    let grant = sample::grant(0);
                    let new = sample::session(&grant, 200);
                    let renewed = store
                        .replace_session(&old, RevocationReason::Replaced, &new, &grant, 50)
                        .await
                        .unwrap();
                    renewed.then_some(new)
                })
            })
            .collect();
        stores[1]
            .end_session(&old, RevocationReason::SignedOut, 50, 50)
            .await
            .unwrap();
        let mut renewed = Vec::new();
        for silent_reauthentication in renewing {
            renewed.extend(silent_reauthentication.await.unwrap());
        }
        // At most one was earlier, and nothing of the others is left.
        assert!(renewed.len() <= 1, "renewed {} times", renewed.len());
        assert_eq!(fixture.count("sessions").await, renewed.len() as i64);
        assert_eq!(fixture.count("grants").await, renewed.len() as i64);
        for session in renewed {
            stores[0]
                .end_session(&session, RevocationReason::SignedOut, 50, 50)
                .await
                .unwrap();
        }
    }
}

pub(crate) async fn sweeping_deletes_expired_rows_and_no_others(fixture: &Fixture) {
    let store = fixture.store().await;
    let (over, on) = (sample::grant(0), sample::grant(0));
    let (ended, goes_on) = (sample::session(&over, 100), sample::session(&on, 101));
    store.begin_session(&ended, &over).await.unwrap();
    store.begin_session(&goes_on, &on).await.unwrap();
    let [old, new] = ["old", "new"].map(confidant_bff::store::Digest::of);
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
    let session = SessionRecord {
        name: "a\0lice ✓".into(),
        ..sample::session(&grant, 100)
    };
    store.begin_session(&session, &grant).await.unwrap();
    let found = store.find_session(&session.digest).await.unwrap().unwrap();
    assert_eq!(found.name, session.name);
}

pub(crate) async fn a_session_that_another_program_wrote_is_none(fixture: &Fixture) {
    let store = fixture.store().await;
    let (victim_grant, attacker_grant) = (sample::grant(0), sample::grant(0));
    let victim = sample::session(&victim_grant, 100);
    let attacker = sample::session(&attacker_grant, 100);
    store.begin_session(&victim, &victim_grant).await.unwrap();
    store
        .begin_session(&attacker, &attacker_grant)
        .await
        .unwrap();
    let of = |session: &SessionRecord| fixture.literal(session.digest.bytes());
    let (victims, attackers) = (of(&victim), of(&attacker));
    let victim_id = &victim_grant.id.0;
    for forged in [
        // The attacker's own session on the victim's grant.
        format!("UPDATE sessions SET grant_id = '{victim_id}' WHERE digest = {attackers}"),
        // And with what was encrypted for the victim.
        format!(
            "UPDATE sessions SET sealed = (SELECT sealed FROM sessions WHERE digest = {victims})
             WHERE digest = {attackers}"
        ),
        // The victim's own session, with tokens for another provider.
        format!("UPDATE grants SET provider = 'other' WHERE id = '{victim_id}'"),
    ] {
        fixture.execute(&forged).await;
        assert_eq!(
            store.find_session(&attacker.digest).await,
            Ok(None),
            "{forged}"
        );
    }
    assert_eq!(store.find_session(&victim.digest).await, Ok(None));
    let restored = format!("UPDATE grants SET provider = 'demo' WHERE id = '{victim_id}'");
    fixture.execute(&restored).await;
    assert_eq!(store.find_session(&victim.digest).await, Ok(Some(victim)));
}

pub(crate) async fn a_session_in_use_needs_only_the_newest_key(fixture: &Fixture) {
    let new_key = confidant_bff::keygen(&confidant_bff::SystemRandom);
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    let store = fixture.store().await;
    store.begin_session(&session, &grant).await.unwrap();
    let keys = format!("{new_key}\n{}", fixture.keys());
    let both = fixture.open_with(&keys).await.unwrap();
    both.touch_session(&session).await.unwrap();
    let newest = fixture.open_with(&new_key).await.unwrap();
    assert_eq!(
        newest.find_session(&session.digest).await,
        Ok(Some(session))
    );
}
