//! Works off the revocation queue.

use super::{attempt, schedule};
use crate::{
    clock::millis,
    components::Components,
    provider::RevocationOutcome,
    store::{RevocationQueue as _, StoreError},
};
use std::{collections::BTreeSet, sync::Weak};

/// Works off the queue until the library is dropped.
pub(crate) async fn run(components: Weak<Components>) {
    let mut was_working = true;
    loop {
        let Some(strong) = components.upgrade() else {
            return;
        };
        let worked_off = work_off(&strong).await;
        if let (Err(error), true) = (&worked_off, was_working) {
            tracing::error!(%error, "tokens of ended sessions cannot be revoked at present");
        }
        was_working = worked_off.is_ok();
        let pause = schedule::poll_interval(strong.settings.timing);
        drop(strong);
        tokio::time::sleep(pause).await;
    }
}

/// Attempts every revocation that is due. Once an attempt at a provider has
/// failed, the others at that provider are put off without a request.
pub(crate) async fn work_off(components: &Components) -> Result<(), StoreError> {
    let store = &components.sessions.store;
    let claim = millis(schedule::claim_duration(components.settings.timing));
    let mut failing = BTreeSet::new();
    loop {
        let now = components.clock.now();
        let claimed = store.claim_revocation(now, now.saturating_add(claim));
        let Some(revocation) = claimed.await? else {
            break;
        };
        if failing.contains(&revocation.provider) {
            attempt::postpone(components, &revocation).await?;
        } else if attempt::carry_out(components, &revocation).await? == RevocationOutcome::Failed {
            failing.insert(revocation.provider);
        }
    }
    let length = store.revocation_queue_length().await?;
    components.metrics.revocation_queue(length);
    Ok(())
}
