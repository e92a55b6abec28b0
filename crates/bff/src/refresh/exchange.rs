//! One refresh, from its lease to the stored outcome.

use super::{
    backoff::RefreshRequest,
    decide::{apply_outcome, is_current},
    error::TokenError,
    lease::{self, Acquired},
    outcome::RefreshOutcome,
    shared::{Refreshed, Shared},
};
use crate::{
    clock::{elapsed, millis},
    grant::{Grant, GrantId, LastChange, TokenRequirement},
};
use confidant_protocol::{Ambiguity, Outcome, refresh_policy::Freshness};
use confidant_wire::{Cause, UnixMillis};
use std::{sync::Arc, time::Duration};

/// How often an outcome is written to a store that fails: for half a minute at
/// least. If another process acquires the lease in the meantime,
/// [`is_current`] decides which outcome counts.
const MAX_TRIES: u32 = 36;
/// The pause after the store's first failure.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// Refreshes the grant if that is still necessary under the lease.
pub(super) async fn run(
    shared: &Shared,
    id: &GrantId,
    requirement: &TokenRequirement,
    freshness: Freshness,
    cause: Cause,
) -> Refreshed {
    let grant = match lease::acquire(shared, id, requirement, freshness).await? {
        Acquired::Lease(grant) => grant,
        Acquired::NotNeeded(row) => return Ok(Some(Arc::new(row))),
    };
    let sent_at = shared.clock.now();
    let outcome = request(shared, &grant, requirement).await;
    let now = shared.clock.now();
    record_outcome(shared, &grant, &outcome, now.saturating_sub(sent_at));
    let request = RefreshRequest {
        provider: &grant.provider,
        grant: id,
        requirement,
    };
    shared.backoff().record(request, &outcome, now);
    let row = store(shared, &grant, requirement, &outcome, sent_at, cause).await?;
    result(shared, &grant, requirement, outcome, sent_at, row)
}

fn record_outcome(shared: &Shared, grant: &Grant, outcome: &RefreshOutcome, took: u64) {
    tracing::info!(
        grant = %grant.id.0,
        provider = %grant.provider,
        generation = grant.generation,
        outcome = outcome.name(),
        took_ms = took,
        "token request"
    );
    let duration = Duration::from_millis(took);
    shared
        .metrics
        .token_request(&grant.provider, outcome.name(), duration);
}

/// Returns what the waiting callers get. `row` is the stored row.
fn result(
    shared: &Shared,
    grant: &Grant,
    requirement: &TokenRequirement,
    outcome: RefreshOutcome,
    sent_at: UnixMillis,
    row: Grant,
) -> Refreshed {
    let outcome = match outcome {
        RefreshOutcome::Request(outcome) => outcome,
        RefreshOutcome::LeaseExpired => {
            return Err(TokenError::Unavailable {
                retry_after: shared.timing.lease,
            });
        }
    };
    match outcome {
        Outcome::Success(_) => Ok(Some(Arc::new(row))),
        Outcome::Dead(_) => {
            shared.metrics.session_ended("grant_dead");
            Ok(Some(Arc::new(row)))
        }
        Outcome::Misconfigured(error) => {
            tracing::error!(provider = %grant.provider, %error, "the provider refuses this client: check its configuration");
            Err(TokenError::Misconfigured(error))
        }
        Outcome::RequestRefused(error) => {
            tracing::warn!(
                provider = %grant.provider,
                %error,
                resource = requirement.resource.as_deref(),
                scope = ?requirement.scope,
                "the provider refuses this scope or resource"
            );
            Err(TokenError::RequestRefused(error))
        }
        Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
            Err(TokenError::Unavailable {
                retry_after: retry_after.unwrap_or(Duration::from_secs(1)),
            })
        }
        Outcome::Ambiguous(_) if may_present_again(shared, grant, sent_at) => {
            Err(TokenError::Unavailable {
                retry_after: Duration::from_secs(1),
            })
        }
        Outcome::Ambiguous(_) => Ok(Some(Arc::new(row))),
    }
}

/// Sends the request, and a second time if that is harmless.
async fn request(shared: &Shared, grant: &Grant, requirement: &TokenRequirement) -> RefreshOutcome {
    let first = send(shared, grant, requirement).await;
    match &first {
        RefreshOutcome::Request(
            Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after },
        ) if retry_after.is_none_or(|wait| wait <= Duration::from_secs(1)) => {
            tokio::time::sleep(retry_after.unwrap_or(shared.timing.pause)).await;
            send(shared, grant, requirement).await
        }
        RefreshOutcome::Request(Outcome::Ambiguous(_)) => {
            let since = grant.pending.as_ref().map_or(0, |pending| pending.at);
            if !may_present_again(shared, grant, since) {
                return first;
            }
            match send(shared, grant, requirement).await {
                // Whether the first request was processed is still unknown.
                RefreshOutcome::Request(
                    Outcome::Transient { .. } | Outcome::RateLimited { .. },
                )
                | RefreshOutcome::LeaseExpired => first,
                second => second,
            }
        }
        _ => first,
    }
}

/// Whether the provider allows the grant's refresh token to be presented again
/// after its first use.
fn may_present_again(shared: &Shared, grant: &Grant, first_use: UnixMillis) -> bool {
    let reuse = shared.endpoint.reuse(&grant.provider);
    reuse.may_present_again(elapsed(first_use, shared.clock.now()))
}

async fn send(shared: &Shared, grant: &Grant, requirement: &TokenRequirement) -> RefreshOutcome {
    // A process that was suspended may have lost its lease. Then another
    // process may be presenting the same refresh token.
    let deadline = shared.timing.deadline;
    let ends = shared.clock.now().saturating_add(millis(deadline));
    if grant.lease.as_ref().is_none_or(|lease| lease.until <= ends) {
        return RefreshOutcome::LeaseExpired;
    }
    let refresh = shared.endpoint.refresh(grant, requirement, deadline);
    let outcome = tokio::time::timeout(deadline, refresh).await;
    outcome
        .unwrap_or(Outcome::Ambiguous(Ambiguity::TimedOut))
        .into()
}

/// Stores the outcome before any caller gets it. Returns the stored row.
async fn store(
    shared: &Shared,
    grant: &Grant,
    requirement: &TokenRequirement,
    outcome: &RefreshOutcome,
    sent_at: UnixMillis,
    cause: Cause,
) -> Result<Grant, TokenError> {
    let mut stored = grant.clone();
    let mut pause = FIRST_PAUSE;
    for _ in 0..MAX_TRIES {
        let mut next = apply_outcome(&stored, requirement, outcome, sent_at);
        if matches!(outcome, RefreshOutcome::Request(Outcome::Success(_))) {
            next.tokens.last_change = last_change(shared, grant, cause);
        }
        match shared.store.replace(&next, shared.clock.now()).await {
            Ok(true) => return Ok(next),
            Ok(false) => match shared.load(&grant.id).await {
                Ok(row) if is_current(grant, &row) => {
                    stored = row;
                    continue;
                }
                Ok(row) => return Ok(row),
                Err(TokenError::Store) => {}
                Err(TokenError::Gone) => {
                    if revoke_late_tokens(shared, &next, outcome).await {
                        return Err(TokenError::Gone);
                    }
                }
                Err(error) => return Err(error),
            },
            Err(error) => {
                tracing::warn!(grant = %grant.id.0, %error, "a token response cannot be stored yet");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
    tracing::error!(grant = %grant.id.0, "a token response is lost: the store does not accept it");
    Err(TokenError::Store)
}

/// Queues tokens for revocation that arrived after the session had ended. Returns
/// false if the store fails.
async fn revoke_late_tokens(shared: &Shared, grant: &Grant, outcome: &RefreshOutcome) -> bool {
    if !matches!(outcome, RefreshOutcome::Request(Outcome::Success(_))) {
        return true;
    }
    let queued = shared.store.revoke_unused(grant, shared.clock.now()).await;
    if let Err(error) = &queued {
        tracing::warn!(grant = %grant.id.0, %error, "late tokens cannot be queued for revocation yet");
    }
    queued.is_ok()
}

fn last_change(shared: &Shared, before: &Grant, cause: Cause) -> Option<LastChange> {
    let reuse = shared.endpoint.reuse(&before.provider);
    let before = before.view(reuse, shared.clock.now())?;
    Some(LastChange::new(cause, before))
}
