//! Carries out one entry of the revocation queue.

use super::{QueuedRevocation, RevocationReason, schedule};
use crate::{
    components::Components,
    grant::GrantId,
    provider::{Metadata, ProviderClient, RevocableToken, RevocationOutcome},
    store::{RevocationQueue as _, StoreError},
};
use confidant_wire::{ClientKind, UnixMillis};

/// Revokes the tokens of a session that has just ended, whose entry of the queue
/// is claimed until this time. Returns whether the provider confirmed it. What
/// fails is repeated by the worker.
pub(crate) async fn revoke_now(
    components: &Components,
    grant: &GrantId,
    claimed_until: UnixMillis,
) -> bool {
    let store = &components.sessions.store;
    let outcome = match store.claimed_revocation(grant, claimed_until).await {
        Ok(Some(revocation)) => carry_out(components, &revocation).await,
        Ok(None) => return false,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(outcome) => outcome == RevocationOutcome::Revoked,
        Err(error) => {
            tracing::warn!(grant = %grant.0, %error, "a revocation is left to the background task");
            false
        }
    }
}

/// Attempts a claimed revocation, and removes its entry or sets the time of the
/// next attempt.
pub(super) async fn carry_out(
    components: &Components,
    revocation: &QueuedRevocation,
) -> Result<RevocationOutcome, StoreError> {
    let limit = schedule::attempt_limit(components.settings.timing);
    let attempt = tokio::time::timeout(limit, revoke_all(components, revocation)).await;
    let outcome = attempt.unwrap_or(RevocationOutcome::Failed);
    let provider = revocation.provider.as_str();
    components
        .metrics
        .revocation(provider, outcome.name(), revocation.reason.id());
    conclude(components, revocation, outcome).await?;
    Ok(outcome)
}

/// Removes the entry, or sets the time of the next attempt.
async fn conclude(
    components: &Components,
    revocation: &QueuedRevocation,
    outcome: RevocationOutcome,
) -> Result<(), StoreError> {
    let store = &components.sessions.store;
    let now = components.clock.now();
    let (grant, provider) = (&revocation.grant.0, &revocation.provider);
    if outcome != RevocationOutcome::Failed {
        if outcome == RevocationOutcome::Refused {
            tracing::warn!(%grant, %provider, "the provider refused to revoke a token");
        }
        return store.remove_revocation(revocation).await;
    }
    if revocation.is_given_up(now) {
        tracing::error!(%grant, %provider, "tokens of an ended session were not revoked: the provider has not answered for 30 days");
        return store.remove_revocation(revocation).await;
    }
    postpone(components, revocation).await
}

/// Sets the time of the next attempt.
pub(super) async fn postpone(
    components: &Components,
    revocation: &QueuedRevocation,
) -> Result<(), StoreError> {
    let due = schedule::next_attempt(revocation, components.clock.now());
    let store = &components.sessions.store;
    store.postpone_revocation(revocation, due).await
}

async fn revoke_all(components: &Components, revocation: &QueuedRevocation) -> RevocationOutcome {
    // The provider may be back in the configuration after the next restart.
    let Some(provider) = components.providers.get(&revocation.provider) else {
        return RevocationOutcome::Failed;
    };
    let issued_by = &revocation.tokens.issued_by;
    if !issued_by.is_empty() && *issued_by != provider.settings.issued_by() {
        let (grant, provider) = (&revocation.grant.0, &revocation.provider);
        tracing::warn!(%grant, %provider, "tokens are not revoked: the provider or the client under this id is another one now");
        return RevocationOutcome::NotWanted;
    }
    if !revocation.reason.outweighs_newer_grants() && !provider.revokes_on_replacement() {
        return RevocationOutcome::NotWanted;
    }
    match provider.metadata().await {
        Ok(metadata) => revoke_tokens(components, provider, &metadata, revocation).await,
        Err(_) => RevocationOutcome::Failed,
    }
}

/// Revokes the refresh token, and with it its access tokens (RFC 7009, section
/// 2.1). Access tokens are revoked by themselves if there is no refresh token, if
/// it is dead, or if pages may have them, because not every provider revokes them
/// with it.
async fn revoke_tokens(
    components: &Components,
    provider: &ProviderClient,
    metadata: &Metadata,
    revocation: &QueuedRevocation,
) -> RevocationOutcome {
    let (tokens, grant) = (&revocation.tokens, &revocation.grant);
    let now = components.clock.now();
    let refresh_token = tokens.refresh_token.as_deref();
    let refresh_token = refresh_token.filter(|_| provider.revokes_refresh_tokens());
    let mut outcome = RevocationOutcome::NotWanted;
    if let Some(token) = refresh_token {
        let token = RevocableToken::Refresh(token);
        outcome = provider.revoke(metadata, grant, token).await;
    }
    // A dead refresh token is nothing to the provider, and takes nothing along.
    let is_dead = revocation.reason == RevocationReason::Dead;
    if refresh_token.is_some() && revocation.kind != ClientKind::MEDIATED && !is_dead {
        return outcome;
    }
    for cached in &tokens.access {
        if cached.token.expires_at.is_none_or(|end| end > now) {
            let token = RevocableToken::Access(&cached.token.secret);
            // The worse of the two counts.
            outcome = outcome.max(provider.revoke(metadata, grant, token).await);
        }
    }
    outcome
}
