//! Failures as the outside sees them: one place maps each to its code, status
//! and sentence.

use crate::{
    provider::{CallError, MetadataError, identity::BadIdToken},
    refresh::{Outcome, StoreError, TokenError, decide::LOGIN_REQUIRED},
};
use confidant_wire::{Code, Problem};
use std::time::Duration;

/// Nobody is signed in.
pub(crate) fn not_signed_in() -> Problem {
    Problem::new(Code::NotSignedIn, "You are not signed in.")
}

/// A session cookie came, and it is not clear which session it stands for.
pub(crate) fn invalid_session_cookie() -> Problem {
    Problem::new(
        Code::BadRequest,
        "The session cookie was damaged or sent more than once, so it is not clear which session to end. No session was ended here: sign out at the provider, too.",
    )
}

/// The database failed, or one row of it. What it said is for the log.
pub(crate) fn store(error: StoreError) -> Problem {
    tracing::error!(%error, "the store failed");
    if let StoreError::DecryptError(_) = error {
        return token_error(TokenError::Unreadable);
    }
    Problem::new(
        Code::StoreUnavailable,
        "Our database does not answer. Nothing was lost; try again in a moment.",
    )
    .retry_after(2)
}

pub(crate) fn metadata(error: MetadataError) -> Problem {
    tracing::warn!(%error, "a provider's metadata could not be had");
    match error {
        MetadataError::Unavailable => unavailable(Duration::from_secs(2)),
        MetadataError::Nonsense(_) => misbehaved(),
    }
}

pub(crate) fn unavailable(retry_after: Duration) -> Problem {
    Problem::new(
        Code::ProviderUnavailable,
        "The provider does not answer at the moment. Nothing was lost; try again shortly.",
    )
    .retry_after(retry_after.as_secs().max(1))
}

/// The session has asked too often.
pub(crate) fn rate_limited(retry_after: Duration) -> Problem {
    let seconds = retry_after.as_millis().div_ceil(1000);
    Problem::new(
        Code::RateLimited,
        "This session has asked for that too often in a short time. Nothing was changed; try again in a moment.",
    )
    .retry_after(u64::try_from(seconds).unwrap_or(u64::MAX).max(1))
}

fn misbehaved() -> Problem {
    Problem::new(
        Code::ProviderMisbehaved,
        "The provider answered something that makes no sense. Nothing was lost; try again.",
    )
}

fn misconfigured() -> Problem {
    Problem::new(
        Code::ClientMisconfigured,
        "The provider refuses this application. Its operator has to look at the configuration.",
    )
}

pub(crate) fn bad_id_token(error: &BadIdToken) -> Problem {
    tracing::error!(%error, "a sign-in was refused");
    Problem::new(
        Code::ProviderMisbehaved,
        "The provider's proof of who signed in does not hold, so nobody is signed in.",
    )
}

pub(crate) fn token_error(token_error: TokenError) -> Problem {
    match token_error {
        TokenError::Gone => not_signed_in(),
        TokenError::Dead(reason) if reason == LOGIN_REQUIRED => Problem::new(
            Code::GrantDead,
            "An answer of the provider was lost on its way, and it wants to see you before it gives new tokens. Sign in again to go on; nothing else was lost.",
        ),
        TokenError::Dead(_) => Problem::new(
            Code::GrantDead,
            "The provider no longer honours this sign-in, so the session has ended. Sign in again to go on.",
        ),
        TokenError::Reauthorize => Problem::new(
            Code::Reauthorize,
            "The provider's last answer was lost, and sending the refresh token again could look like theft. A page that is opened when the access token has run out renews the session by itself.",
        ),
        TokenError::NoRefreshToken => Problem::new(
            Code::NoRefreshToken,
            "The provider gave no refresh token, so there is nothing to refresh with. Sign in again when the access token has run out.",
        ),
        TokenError::Unreadable => Problem::new(
            Code::GrantDead,
            "What we had stored of this sign-in cannot be read any more, so the session has ended. Sign in again to go on.",
        ),
        TokenError::Misconfigured(_) => misconfigured(),
        TokenError::RequestRefused(_) => Problem::new(
            Code::ClientMisconfigured,
            "The provider gives this application no token for that scope or resource. Your session goes on; the operator has to look at the configuration.",
        ),
        TokenError::Unavailable { retry_after } => unavailable(retry_after),
        TokenError::Store => Problem::new(
            Code::StoreUnavailable,
            "Our database does not answer. Try again in a moment.",
        )
        .retry_after(2),
    }
}

/// Why a code exchange that ended so started no session.
pub(crate) fn code_exchange(outcome: &Outcome, finish: bool) -> Problem {
    match outcome {
        Outcome::Dead(_) => Problem::new(
            Code::CodeRefused,
            "The provider refused the sign-in code: it was used before, or has run out. Sign in again.",
        ),
        Outcome::Misconfigured(error) | Outcome::RequestRefused(error) => {
            tracing::error!(%error, "the provider refuses this client: check its configuration");
            misconfigured()
        }
        Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
            unavailable(retry_after.unwrap_or(Duration::from_secs(1)))
        }
        Outcome::Ambiguous if finish => Problem::new(
            Code::ProviderMisbehaved,
            "The provider answered something that makes no sense, so nobody is signed in. Sign in again.",
        ),
        Outcome::Success(_) | Outcome::Ambiguous | Outcome::LeaseExpired => Problem::new(
            Code::ProviderUnavailable,
            "The provider did not answer in time, so nobody is signed in. Sign in again.",
        )
        .retry_after(1),
    }
}

pub(crate) fn call(error: CallError) -> Problem {
    match error {
        CallError::Unauthorized => Problem::new(
            Code::ProviderMisbehaved,
            "The provider does not accept the token that it has just issued.",
        ),
        CallError::NotOffered => {
            Problem::new(Code::NotOffered, "The provider has no endpoint for this.")
        }
        CallError::Unavailable => unavailable(Duration::from_secs(1)),
        CallError::Nonsense => misbehaved(),
    }
}
