//! Storing grants.

use crate::{fixture::Fixture, sample};
use confidant_bff::store::{
    Grant, GrantStatus, Lease, PendingRefresh, RevocationReason, StoreError,
};

pub(crate) async fn a_grant_is_loaded_as_it_was_last_replaced(fixture: &Fixture) {
    let store = fixture.store().await;
    let mut grant = sample::grant(7);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    for status in [
        GrantStatus::Ambiguous(5),
        GrantStatus::Dead("invalid_grant".into()),
        GrantStatus::Active,
    ] {
        let has_lease = grant.version.is_multiple_of(2);
        grant.version += 1;
        grant.serial += 1;
        grant.generation += 2;
        grant.status = status;
        grant.lease = has_lease.then(|| Lease {
            holder: "attempt".into(),
            until: 9,
        });
        grant.pending = has_lease.then(|| PendingRefresh {
            attempt: "attempt".into(),
            generation: 3,
            at: 8,
        });
        grant.expire();
        assert_eq!(store.replace(&grant, 50).await, Ok(true));
        if matches!(grant.status, GrantStatus::Dead(_)) {
            grant = grant.without_tokens();
        }
        assert_eq!(store.load(&grant.id).await, Ok(Some(grant.clone())));
    }
}

pub(crate) async fn of_many_writers_of_one_version_one_wins(fixture: &Fixture) {
    let stores = [fixture.store().await, fixture.store().await];
    let mut grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    stores[0].begin_session(&session, &grant).await.unwrap();
    for round in 0..5 {
        grant.version += 1;
        let writing: Vec<_> = (0..20_u64)
            .map(|n| {
                let store = stores[usize::from(n % 2 == 0)].clone();
                let mine = Grant {
                    generation: n,
                    ..grant.clone()
                };
                tokio::spawn(async move { (mine.generation, store.replace(&mine, 50).await) })
            })
            .collect();
        let mut won = Vec::new();
        for writer in writing {
            let (n, outcome) = writer.await.unwrap();
            won.extend(outcome.unwrap().then_some(n));
        }
        let stored = stores[1].load(&grant.id).await.unwrap().unwrap();
        assert_eq!(won, [stored.generation], "round {round}");
        assert_eq!(stored.version, grant.version);
    }
}

pub(crate) async fn a_version_that_is_not_the_next_one_is_not_stored(fixture: &Fixture) {
    let store = fixture.store().await;
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    for version in [0, 1, 3, 4] {
        let other = Grant {
            version,
            status: GrantStatus::Dead("x".into()),
            ..grant.clone()
        };
        assert_eq!(store.replace(&other, 50).await, Ok(false), "{version}");
    }
    assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));
    assert_eq!(store.replace(&sample::grant(0), 50).await, Ok(false));
}

pub(crate) async fn a_corrupted_grant_cannot_be_loaded_and_affects_no_other(fixture: &Fixture) {
    let store = fixture.store().await;
    let grants = [sample::grant(0), sample::grant(0), sample::grant(0)];
    for grant in &grants {
        let session = sample::session(grant, 100);
        store.begin_session(&session, grant).await.unwrap();
    }
    let [garbage, moved, sound] = &grants;
    fixture
        .execute(&format!(
            "UPDATE grants SET sealed = {} WHERE id = '{}'",
            fixture.garbage(),
            garbage.id.0
        ))
        .await;
    fixture
        .execute(&format!(
            "UPDATE grants SET sealed = (SELECT sealed FROM grants WHERE id = '{}')
             WHERE id = '{}'",
            sound.id.0, moved.id.0
        ))
        .await;
    for damaged in [garbage, moved] {
        assert!(matches!(
            store.load(&damaged.id).await,
            Err(StoreError::Decrypt(_))
        ));
        // The session still exists and can be ended.
        let session = sample::session(damaged, 100);
        let found = store.find_session(&session.digest).await;
        assert_eq!(found, Ok(Some(session.clone())));
        let ended = store.end_session(&session, RevocationReason::SignedOut, 50, 50);
        assert_eq!(ended.await, Ok(true));
    }
    assert_eq!(store.load(&sound.id).await, Ok(Some(sound.clone())));
}

pub(crate) async fn the_database_contains_no_token_in_plain_text(fixture: &Fixture) {
    let store = fixture.store().await;
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    let ended = sample::grant(0);
    let over = sample::session(&ended, 100);
    store.begin_session(&over, &ended).await.unwrap();
    let reason = RevocationReason::SignedOut;
    assert_eq!(store.end_session(&over, reason, 50, 50).await, Ok(true));
    let everything = fixture.dump().await;
    let holds = |text: &str| {
        everything
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(holds(&grant.id.0), "the dump is no dump");
    assert!(!holds("subject-1") && !holds("alice"));
    assert!(!holds(sample::REFRESH_TOKEN));
    assert!(!holds("at-1"));
}
