//! The queue of tokens to revoke.

use crate::{fixture::Fixture, sample};
use confidant_bff::store::{
    Grant, GrantStatus, QueuedRevocation, RevocationQueueLength, RevocationReason, SessionRecord,
    Store,
};
use confidant_wire::ClientKind;
use std::{collections::BTreeSet, sync::Arc};

async fn sign_in(store: &Arc<dyn Store>) -> (SessionRecord, Grant) {
    let grant = sample::grant(0);
    let session = sample::session(&grant, 100);
    store.begin_session(&session, &grant).await.unwrap();
    (session, grant)
}

async fn claim(store: &Arc<dyn Store>, now: u64) -> Option<QueuedRevocation> {
    store.claim_revocation(now, now + 100).await.unwrap()
}

pub(crate) async fn a_session_that_ends_leaves_its_tokens_to_be_revoked(fixture: &Fixture) {
    let store = fixture.store().await;
    let (session, grant) = sign_in(&store).await;
    let reason = RevocationReason::SignedOut;
    assert_eq!(store.end_session(&session, reason, 10, 50).await, Ok(true));
    assert_eq!(claim(&store, 49).await, None);
    let queued = claim(&store, 50).await.unwrap();
    assert_eq!((&queued.grant, queued.reason), (&grant.id, reason));
    assert_eq!((queued.kind, queued.attempts), (ClientKind::BFF, 1));
    assert_eq!((queued.queued_at, queued.claimed_until), (10, 150));
    assert_eq!(queued.tokens, grant.tokens);
    // Ended once, it is queued once.
    assert_eq!(store.end_session(&session, reason, 10, 50).await, Ok(false));
    assert_eq!(fixture.count("revocations").await, 1);
    store.remove_revocation(&queued).await.unwrap();
    assert_eq!(fixture.count("revocations").await, 0);
}

pub(crate) async fn the_process_that_ends_a_session_finds_its_entry_first(fixture: &Fixture) {
    let store = fixture.store().await;
    let (session, grant) = sign_in(&store).await;
    let reason = RevocationReason::SignedOut;
    store.end_session(&session, reason, 10, 50).await.unwrap();
    let found = store.claimed_revocation(&grant.id, 50).await.unwrap();
    assert_eq!(found.unwrap().tokens, grant.tokens);
    assert_eq!(store.claimed_revocation(&grant.id, 51).await, Ok(None));
    // A process that stopped leaves its entry to the others.
    assert!(claim(&store, 50).await.is_some());
    assert_eq!(store.claimed_revocation(&grant.id, 50).await, Ok(None));
}

pub(crate) async fn expired_and_replaced_sessions_leave_their_tokens_to_be_revoked(
    fixture: &Fixture,
) {
    let store = fixture.store().await;
    let (expired, expired_grant) = sign_in(&store).await;
    let (old, old_grant) = sign_in(&store).await;
    let new_grant = sample::grant(0);
    let new = sample::session(&new_grant, 200);
    let replaced = store.replace_session(&old, RevocationReason::Replaced, &new, &new_grant, 50);
    assert_eq!(replaced.await, Ok(true));
    assert_eq!(store.sweep(100).await, Ok(1));
    assert_eq!(store.find_session(&expired.digest).await, Ok(None));
    assert_eq!(store.find_session(&new.digest).await, Ok(Some(new)));
    let first = claim(&store, 100).await.unwrap();
    let second = claim(&store, 100).await.unwrap();
    assert_eq!(claim(&store, 100).await, None);
    assert_eq!(
        (first.reason, first.grant),
        (RevocationReason::Replaced, old_grant.id)
    );
    assert_eq!(
        (second.reason, second.grant),
        (RevocationReason::Expired, expired_grant.id)
    );
}

pub(crate) async fn a_dead_grant_keeps_no_token(fixture: &Fixture) {
    let store = fixture.store().await;
    let (_, grant) = sign_in(&store).await;
    let dead = Grant {
        version: 2,
        status: GrantStatus::Dead("login_required".into()),
        ..grant.clone()
    };
    let outdated = Grant {
        version: 3,
        ..dead.clone()
    };
    assert_eq!(store.replace(&outdated, 50).await, Ok(false));
    assert_eq!(claim(&store, 50).await, None, "nothing was replaced");
    assert_eq!(store.replace(&dead, 50).await, Ok(true));
    let stored = store.load(&grant.id).await.unwrap().unwrap();
    assert_eq!(stored, dead.without_tokens());
    let queued = claim(&store, 50).await.unwrap();
    assert_eq!(
        (queued.reason, queued.tokens),
        (RevocationReason::Dead, grant.tokens)
    );
}

pub(crate) async fn tokens_that_arrive_after_a_sign_out_are_revoked_too(fixture: &Fixture) {
    let store = fixture.store().await;
    let (session, mut grant) = sign_in(&store).await;
    let reason = RevocationReason::SignedOut;
    store.end_session(&session, reason, 10, 50).await.unwrap();
    grant.version = 2;
    grant.receive(&Default::default(), sample::token_response(2), 20);
    assert_eq!(store.replace(&grant, 20).await, Ok(false));
    store.revoke_unused(&grant, 20).await.unwrap();
    let queued = claim(&store, 20).await.unwrap();
    assert_eq!(
        (queued.reason, queued.tokens),
        (RevocationReason::Unused, grant.tokens)
    );
    assert_eq!(fixture.count("revocations").await, 2);
}

pub(crate) async fn of_many_processes_one_attempts_a_revocation(fixture: &Fixture) {
    let stores = [fixture.store().await, fixture.store().await];
    let mut grants = BTreeSet::new();
    for _ in 0..20 {
        let (session, grant) = sign_in(&stores[0]).await;
        let reason = RevocationReason::SignedOut;
        stores[0]
            .end_session(&session, reason, 10, 10)
            .await
            .unwrap();
        grants.insert(grant.id);
    }
    let claiming: Vec<_> = (0..8)
        .map(|n| {
            let store = stores[n % 2].clone();
            tokio::spawn(async move {
                let mut claimed = Vec::new();
                // Another process may have claimed the entry that it looked at.
                for _ in 0..40 {
                    claimed.extend(claim(&store, 50).await.map(|queued| queued.grant));
                }
                claimed
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for task in claiming {
        claimed.extend(task.await.unwrap());
    }
    assert_eq!(claimed.len(), 20);
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), grants);
}

pub(crate) async fn a_claim_that_has_expired_changes_nothing(fixture: &Fixture) {
    let store = fixture.store().await;
    let (session, _) = sign_in(&store).await;
    let reason = RevocationReason::SignedOut;
    store.end_session(&session, reason, 10, 10).await.unwrap();
    let slow = claim(&store, 10).await.unwrap();
    let second = claim(&store, 110).await.unwrap();
    assert_eq!(second.attempts, 2);
    store.remove_revocation(&slow).await.unwrap();
    store.postpone_revocation(&slow, 9_999).await.unwrap();
    let length = RevocationQueueLength {
        queued: 1,
        retrying: 1,
    };
    assert_eq!(store.revocation_queue_length().await, Ok(length));
    store.postpone_revocation(&second, 500).await.unwrap();
    assert_eq!(claim(&store, 499).await, None);
    assert!(claim(&store, 500).await.is_some());
}

pub(crate) async fn an_entry_that_cannot_be_decrypted_holds_up_no_other(fixture: &Fixture) {
    let store = fixture.store().await;
    let (damaged, _) = sign_in(&store).await;
    let reason = RevocationReason::SignedOut;
    store.end_session(&damaged, reason, 10, 10).await.unwrap();
    let garbage = fixture.garbage();
    fixture
        .execute(&format!("UPDATE revocations SET sealed = {garbage}"))
        .await;
    let (session, grant) = sign_in(&store).await;
    store.end_session(&session, reason, 10, 11).await.unwrap();
    assert_eq!(claim(&store, 50).await.unwrap().grant, grant.id);
    assert_eq!(claim(&store, 50).await, None);
    // It waits for the return of its key.
    assert_eq!(fixture.count("revocations").await, 2);
}

pub(crate) async fn a_refresh_and_a_sign_out_at_one_moment_lose_no_token(fixture: &Fixture) {
    let stores = [fixture.store().await, fixture.store().await];
    for _ in 0..20 {
        let (session, mut grant) = sign_in(&stores[0]).await;
        grant.version = 2;
        grant.receive(&Default::default(), sample::token_response(2), 20);
        let refreshing = {
            let (store, grant) = (stores[1].clone(), grant.clone());
            tokio::spawn(async move { store.replace(&grant, 20).await.unwrap() })
        };
        let reason = RevocationReason::SignedOut;
        stores[0]
            .end_session(&session, reason, 10, 10)
            .await
            .unwrap();
        let is_stored = refreshing.await.unwrap();
        let queued = claim(&stores[0], 10).await.unwrap();
        assert_eq!(queued.tokens == grant.tokens, is_stored);
    }
}
