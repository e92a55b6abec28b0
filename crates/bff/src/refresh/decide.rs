//! What to do with a grant as it stands, and what a landing makes of it.

use super::outcome::{Outcome, Reuse};
use crate::{
    clock::millis,
    grant::{AccessToken, Grant, Intent, Lease, Standing, Want},
};
use std::time::Duration;
use wire::UnixMillis;

/// How new a token the caller asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// One that has not run out.
    Usable,
    /// One that came after this answer: an explicit refresh, or an API that
    /// refused the token in hand.
    NewerThan(u64),
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such grant.
    #[error("no such grant")]
    Gone,
    /// The provider no longer honours it; its error code.
    #[error("the provider no longer honours the grant: {0}")]
    Dead(String),
    /// The refresh token must not be presented again: authorize once more.
    #[error("the last refresh was not answered, and its token may be spent")]
    Reauthorize,
    /// The access token has run out and the provider gave no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
    /// The provider refuses the client; its error code.
    #[error("the provider refuses this client: {0}")]
    Misconfigured(String),
    /// The provider cannot be reached, or is busy.
    #[error("the provider does not answer")]
    Unavailable {
        /// When to ask again.
        retry_after: Duration,
    },
    /// The database does not answer, or a row does not open.
    #[error("the store does not answer")]
    Store,
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The token is in hand.
    Serve(AccessToken),
    /// Take the lease and refresh.
    Fly,
    /// Somebody else flies until then at the latest.
    Wait(UnixMillis),
    /// A flight was announced and its lease has run out: its process is gone,
    /// and nobody knows whether it was answered.
    Settle,
    /// There is no token to be had.
    Refuse(Refusal),
}

/// What to do for somebody who wants this of the grant.
pub fn decide(grant: &Grant, want: &Want, demand: Demand, reuse: Reuse, now: UnixMillis) -> Step {
    if let Standing::Dead(reason) = &grant.standing {
        return Step::Refuse(Refusal::Dead(reason.clone()));
    }
    if let Some(token) = usable(grant, want, demand, now) {
        return Step::Serve(token);
    }
    let leased = grant.lease.as_ref().filter(|lease| lease.until > now);
    match (leased, &grant.intent) {
        (Some(lease), _) => return Step::Wait(lease.until),
        (None, Some(_)) => return Step::Settle,
        (None, None) => {}
    }
    if grant.tokens.refresh_token.is_none() {
        return Step::Refuse(Refusal::NoRefreshToken);
    }
    match grant.standing {
        Standing::Doubtful(since) if !may_present_again(reuse, since, now) => {
            Step::Refuse(Refusal::Reauthorize)
        }
        _ => Step::Fly,
    }
}

fn usable(grant: &Grant, want: &Want, demand: Demand, now: UnixMillis) -> Option<AccessToken> {
    let held = grant.held(want)?;
    let new_enough = match demand {
        Demand::Usable => true,
        Demand::NewerThan(serial) => held.serial > serial,
    };
    let fresh = !held.expired && held.token.expires_at.is_none_or(|end| end > now);
    (new_enough && fresh).then(|| held.token.clone())
}

/// Whether a refresh token whose answer was lost at `since` may be sent again.
pub fn may_present_again(reuse: Reuse, since: UnixMillis, now: UnixMillis) -> bool {
    match reuse {
        Reuse::Reusable => true,
        Reuse::Grace(window) => now < since.saturating_add(millis(window)),
        Reuse::Strict => false,
    }
}

/// The grant with a lease on it and the flight announced.
pub fn take_off(grant: &Grant, attempt: &str, now: UnixMillis, lease: Duration) -> Grant {
    Grant {
        version: grant.version + 1,
        lease: Some(Lease {
            holder: attempt.to_owned(),
            until: now.saturating_add(millis(lease)),
        }),
        intent: Some(Intent {
            attempt: attempt.to_owned(),
            generation: grant.generation,
            at: now,
        }),
        ..grant.clone()
    }
}

/// The grant after the announced flight ended so. `sent_at` is when its
/// request was sent.
pub fn land(grant: &Grant, want: &Want, outcome: &Outcome, sent_at: UnixMillis) -> Grant {
    let mut next = Grant {
        version: grant.version + 1,
        lease: None,
        intent: None,
        ..grant.clone()
    };
    match outcome {
        Outcome::Success(answer) => {
            next.standing = Standing::Living;
            next.receive(want, (**answer).clone(), sent_at);
        }
        Outcome::Dead(reason) => next.standing = Standing::Dead(reason.clone()),
        // The first doubt counts: a window opens with the first use.
        Outcome::Ambiguous if next.standing == Standing::Living => {
            next.standing = Standing::Doubtful(sent_at);
        }
        Outcome::Ambiguous | Outcome::Misconfigured(_) | Outcome::Transient { .. } => {}
    }
    next
}

/// The grant after somebody found a flight whose process is gone.
pub fn settle(grant: &Grant) -> Grant {
    let at = grant.intent.as_ref().map_or(0, |intent| intent.at);
    land(grant, &Want::default(), &Outcome::Ambiguous, at)
}

/// Whether a landing still counts, given the row that is stored by now: its
/// own announcement stands there, or its lease was taken for lost and nothing
/// newer has been stored since.
pub fn still_counts(stored: &Grant, flown: &Grant) -> bool {
    let ours = stored.intent == flown.intent;
    ours || (stored.intent.is_none() && stored.serial == flown.serial)
}
