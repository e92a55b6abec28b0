//! The library's background task: it deletes what has expired, revokes the
//! tokens of ended sessions, and learns the providers' endpoints before the first
//! user needs them.

use crate::{abort_on_drop::AbortOnDrop, components::Components, revocation::worker};
use std::{sync::Weak, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often expired sign-ins and sessions are deleted.
const SWEEP_INTERVAL: Duration = Duration::from_secs(300);

/// Starts the task.
pub(crate) fn spawn(components: Weak<Components>) -> AbortOnDrop {
    AbortOnDrop::new(tokio::spawn(run(components)).abort_handle())
}

async fn run(components: Weak<Components>) {
    tokio::join!(sweep_regularly(components.clone()), worker::run(components));
}

async fn sweep_regularly(components: Weak<Components>) {
    if let Some(components) = components.upgrade() {
        components.providers.discover().await;
    }
    let mut ticks = interval(SWEEP_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(components) = components.upgrade() else {
            return;
        };
        if let Err(error) = sweep(&components).await {
            tracing::warn!(%error, "expired sign-ins and sessions could not be deleted");
        }
    }
}

/// Deletes expired sign-ins and sessions, and counts the sessions that remain.
pub(crate) async fn sweep(components: &Components) -> Result<(), crate::store::StoreError> {
    use crate::store::Store as _;
    let (store, metrics) = (&components.sessions.store, &components.metrics);
    metrics.sessions_expired(store.sweep(components.clock.now()).await?);
    metrics.stored_sessions(store.count_sessions().await?);
    Ok(())
}
