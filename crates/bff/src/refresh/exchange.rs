//! One request, from its lease to the stored answer.

use super::{
    backoff::{Backoff, Refresh},
    decide::{
        Freshness, Step, TokenError, apply_outcome, begin_refresh, decide, may_present_again,
        resolve_lost, still_counts,
    },
    engine::{Refreshed, Shared, load},
    outcome::Outcome,
};
use crate::{
    clock::millis,
    grant::{Grant, GrantId, TokenRequirement},
    random,
};
use confidant_wire::{Cause, Change, UnixMillis};
use std::{
    sync::{Arc, MutexGuard, PoisonError},
    time::Duration,
};

/// How often a result is offered to a store that fails before it is given up:
/// for half a minute at least. Whoever takes the lease meanwhile spoils
/// nothing, see [`still_counts`].
const STORE_TRIES: u32 = 36;
/// How often a lease is asked for from a store that fails.
const LEASE_TRIES: u32 = 3;
/// The pause after a store's first failure.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The first pause, and the longest, between two looks at a row whose lease
/// another process holds. There is one who looks for each grant and process,
/// however many wait.
const LOOKS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(50));

/// What came of asking for a lease.
enum Lease {
    /// It is ours, and this is the row under it.
    Taken(Grant),
    /// This row leaves nothing to do.
    NotNeeded(Grant),
}

/// Refreshes the grant if that is still needed once the lease is taken.
pub(super) async fn run(
    shared: &Shared,
    id: &GrantId,
    want: &TokenRequirement,
    demand: Freshness,
    cause: Cause,
) -> Refreshed {
    let leased = match acquire_lease(shared, id, want, demand).await? {
        Lease::Taken(leased) => leased,
        Lease::NotNeeded(row) => return Ok(Some(Arc::new(row))),
    };
    let sent_at = shared.clock.now();
    let outcome = request(shared, &leased, want).await;
    let took = shared.clock.now().saturating_sub(sent_at);
    tracing::info!(
        grant = %id.0,
        provider = %leased.provider,
        generation = leased.generation,
        outcome = outcome.name(),
        took_ms = took,
        "token request"
    );
    let duration = Duration::from_millis(took);
    shared
        .metrics
        .token_request(&leased.provider, &outcome, duration);
    let refresh = Refresh {
        provider: &leased.provider,
        grant: id,
        want,
    };
    backoff(shared).note(refresh, &outcome, shared.clock.now());
    let row = store(shared, &leased, want, &outcome, sent_at, cause).await?;
    if let Outcome::Dead(_) = &outcome {
        shared.metrics.session_ended("grant_dead");
    }
    match outcome {
        Outcome::Success(_) | Outcome::Dead(_) => Ok(Some(Arc::new(row))),
        Outcome::Misconfigured(error) => {
            tracing::error!(provider = %leased.provider, %error, "the provider refuses this client: check its configuration");
            Err(TokenError::Misconfigured(error))
        }
        Outcome::RequestRefused(error) => {
            tracing::warn!(
                provider = %leased.provider,
                %error,
                resource = want.resource.as_deref(),
                scope = ?want.scope,
                "the provider refuses this scope or resource"
            );
            Err(TokenError::RequestRefused(error))
        }
        Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
            Err(TokenError::Unavailable {
                retry_after: retry_after.unwrap_or(Duration::from_secs(1)),
            })
        }
        Outcome::LeaseExpired => Err(TokenError::Unavailable {
            retry_after: shared.timing.lease,
        }),
        Outcome::Ambiguous => {
            let now = shared.clock.now();
            let reuse = shared.endpoint.reuse(&leased.provider);
            if may_present_again(reuse, sent_at, now) {
                Err(TokenError::Unavailable {
                    retry_after: Duration::from_secs(1),
                })
            } else {
                Ok(Some(Arc::new(row)))
            }
        }
    }
}

/// Takes the lease by compare-and-set: the row that won is the row that was
/// read, so the refresh token in it is the newest. Where somebody else flies,
/// waits for that flight's answer in the row.
async fn acquire_lease(
    shared: &Shared,
    id: &GrantId,
    want: &TokenRequirement,
    demand: Freshness,
) -> Result<Lease, TokenError> {
    let attempt = random::name(shared.random.as_ref());
    let mut failures = 0;
    let (mut pause, longest) = LOOKS;
    loop {
        let grant = load(shared, id).await?;
        // A write that seemed to fail may have been stored all the same. An
        // announcement left behind would read as a flight that was lost.
        if grant
            .pending
            .as_ref()
            .is_some_and(|pending| pending.attempt == attempt)
        {
            return Ok(Lease::Taken(grant));
        }
        let now = shared.clock.now();
        let next = match decide(&grant, want, demand, shared.rules(&grant), now) {
            Step::Serve(_) => return Ok(Lease::NotNeeded(grant)),
            Step::Wait(_) => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest);
                continue;
            }
            Step::Refuse(token_error) => return Err(token_error),
            Step::ResolveLost => {
                shared.metrics.lease_taken_over();
                resolve_lost(&grant)
            }
            Step::Refresh | Step::ServeAndRefresh(_) => {
                let refresh = Refresh {
                    provider: &grant.provider,
                    grant: id,
                    want,
                };
                backoff(shared).admit(refresh, now)?;
                begin_refresh(&grant, &attempt, now, shared.timing.lease)
            }
        };
        match shared.store.replace(&next).await {
            Ok(true) if next.pending.is_some() => return Ok(Lease::Taken(next)),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(grant = %id.0, %error, "a lease could not be taken yet");
                failures += 1;
                if failures == LEASE_TRIES {
                    return Err(TokenError::Store);
                }
                tokio::time::sleep(FIRST_PAUSE * failures).await;
            }
        }
    }
}

/// Sends the request, and once more where that is harmless.
async fn request(shared: &Shared, leased: &Grant, want: &TokenRequirement) -> Outcome {
    let first = send(shared, leased, want).await;
    match &first {
        Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after }
            if retry_after.is_none_or(|wait| wait <= Duration::from_secs(1)) =>
        {
            tokio::time::sleep(retry_after.unwrap_or(shared.timing.pause)).await;
            send(shared, leased, want).await
        }
        Outcome::Ambiguous => {
            let reuse = shared.endpoint.reuse(&leased.provider);
            let since = leased.pending.as_ref().map_or(0, |pending| pending.at);
            if !may_present_again(reuse, since, shared.clock.now()) {
                return first;
            }
            match send(shared, leased, want).await {
                // The doubt about the first request remains.
                Outcome::Transient { .. } | Outcome::RateLimited { .. } | Outcome::LeaseExpired => {
                    Outcome::Ambiguous
                }
                second => second,
            }
        }
        _ => first,
    }
}

/// How the providers have been doing.
pub(super) fn backoff(shared: &Shared) -> MutexGuard<'_, Backoff> {
    shared
        .backoff
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

async fn send(shared: &Shared, leased: &Grant, want: &TokenRequirement) -> Outcome {
    // A process that slept may have lost its lease meanwhile: then another
    // one may be presenting this very token.
    let ends = shared
        .clock
        .now()
        .saturating_add(millis(shared.timing.deadline));
    if leased
        .lease
        .as_ref()
        .is_none_or(|lease| lease.until <= ends)
    {
        return Outcome::LeaseExpired;
    }
    match tokio::time::timeout(
        shared.timing.deadline,
        shared
            .endpoint
            .refresh(leased, want, shared.timing.deadline),
    )
    .await
    {
        Ok(outcome) => outcome,
        Err(_) => Outcome::Ambiguous,
    }
}

/// Stores what the flight brought, before anybody is answered. Gives the row
/// as it then stands.
async fn store(
    shared: &Shared,
    leased: &Grant,
    want: &TokenRequirement,
    outcome: &Outcome,
    sent_at: UnixMillis,
    cause: Cause,
) -> Result<Grant, TokenError> {
    let mut stored = leased.clone();
    let mut pause = FIRST_PAUSE;
    for _ in 0..STORE_TRIES {
        let next = apply_outcome(&stored, want, outcome, sent_at);
        match shared.store.replace(&next).await {
            Ok(true) => {
                if matches!(outcome, Outcome::Success(_)) {
                    note_change(shared, leased, &next, cause);
                }
                return Ok(next);
            }
            Ok(false) => match load(shared, &leased.id).await {
                Ok(row) if still_counts(&row, leased) => {
                    stored = row;
                    continue;
                }
                Ok(row) => return Ok(row),
                Err(TokenError::Store) => {}
                Err(token_error) => return Err(token_error),
            },
            Err(error) => {
                tracing::warn!(grant = %leased.id.0, %error, "a token answer could not be stored yet");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
    tracing::error!(grant = %leased.id.0, "a token answer was lost: the store does not take it");
    Err(TokenError::Store)
}

fn note_change(shared: &Shared, before: &Grant, after: &Grant, cause: Cause) {
    let (now, reuse) = (shared.clock.now(), shared.endpoint.reuse(&after.provider));
    if let (Some(old), Some(new)) = (before.view(reuse, now), after.view(reuse, now)) {
        let change = Change {
            cause,
            before: old,
            after: new,
        };
        shared.exchange_log.changed(&after.id, change);
    }
}
