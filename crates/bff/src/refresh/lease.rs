//! Acquiring the right to refresh a grant.

use super::{
    backoff::RefreshRequest,
    decide::{Step, begin_refresh, decide, resolve_lost},
    error::TokenError,
    shared::Shared,
};
use crate::{
    grant::{Grant, GrantId, TokenRequirement},
    random,
};
use confidant_protocol::refresh_policy::Freshness;
use std::time::Duration;

/// How often a lease is requested from a store that fails.
const MAX_TRIES: u32 = 3;
/// The pause after the store's first failure.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The first and the longest pause between two reads of a row whose lease
/// another process holds. For each grant, one task of this process reads the
/// row, however many callers wait.
const POLL_PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(50));

/// The result of requesting a lease.
pub(super) enum Acquired {
    /// This task holds the lease; the row under it.
    Lease(Grant),
    /// This row needs no refresh.
    NotNeeded(Grant),
}

/// Acquires the lease by compare-and-set: the row that won is the row that was
/// read, so it contains the newest refresh token. While another process
/// holds the lease, waits for the outcome of its refresh.
pub(super) async fn acquire(
    shared: &Shared,
    id: &GrantId,
    requirement: &TokenRequirement,
    freshness: Freshness,
) -> Result<Acquired, TokenError> {
    let attempt = random::name(shared.random.as_ref());
    let mut failures = 0;
    let (mut pause, longest_pause) = POLL_PAUSES;
    loop {
        let grant = shared.load(id).await?;
        // A write that seemed to fail may have been stored all the same. If
        // this attempt ignored its own announcement, it would later count as a
        // lost refresh.
        if grant
            .pending
            .as_ref()
            .is_some_and(|pending| pending.attempt == attempt)
        {
            return Ok(Acquired::Lease(grant));
        }
        let now = shared.clock.now();
        let next = match decide(&grant, requirement, freshness, shared.rules(&grant), now) {
            Step::Serve(_) => return Ok(Acquired::NotNeeded(grant)),
            Step::Wait(_) => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest_pause);
                continue;
            }
            Step::Refuse(error) => return Err(error),
            Step::ResolveLost => {
                shared.metrics.lease_taken_over();
                resolve_lost(&grant)
            }
            Step::Refresh | Step::ServeAndRefresh(_) => {
                let request = RefreshRequest {
                    provider: &grant.provider,
                    grant: id,
                    requirement,
                };
                shared.backoff().admit(request, now)?;
                begin_refresh(&grant, &attempt, now, shared.timing.lease)
            }
        };
        match shared.store.replace(&next, now).await {
            Ok(true) if next.pending.is_some() => return Ok(Acquired::Lease(next)),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(grant = %id.0, %error, "a lease cannot be stored yet");
                failures += 1;
                if failures == MAX_TRIES {
                    return Err(TokenError::Store);
                }
                tokio::time::sleep(FIRST_PAUSE * failures).await;
            }
        }
    }
}
