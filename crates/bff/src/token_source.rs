//! Access tokens for the library's own calls and for forwarded requests: from
//! the refresh engine, or from the grant as it was read a moment ago.

use crate::{
    clock::Clock,
    grant::{AccessToken, GrantId, TokenRequirement},
    refresh::{
        Freshness, RefreshEngine, TokenError,
        decide::{Step, decide},
    },
    store::{CachedStore, GrantStore as _},
};
use confidant_wire::Cause;
use std::sync::Arc;

/// Where access tokens come from; cheap to clone.
#[derive(Clone)]
pub(crate) struct TokenSource {
    engine: RefreshEngine,
    store: Arc<CachedStore>,
    clock: Arc<dyn Clock>,
}

impl TokenSource {
    pub(crate) fn new(
        engine: RefreshEngine,
        store: Arc<CachedStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            engine,
            store,
            clock,
        }
    }

    /// Returns a token that has not expired, refreshed first where needed.
    pub(crate) async fn usable(
        &self,
        id: &GrantId,
        requirement: &TokenRequirement,
    ) -> Result<AccessToken, TokenError> {
        self.engine
            .access_token(id, requirement, Freshness::Valid, Cause::Automatic)
            .await
    }

    /// Does the same with the grant as it was read at most a second ago. A
    /// token that is no longer valid is answered with 401 by the API, and then
    /// [`TokenSource::after_rejection`] reads the row itself.
    pub(crate) async fn recent(
        &self,
        id: &GrantId,
        requirement: &TokenRequirement,
    ) -> Result<AccessToken, TokenError> {
        let grant = self.store.recent_grant(id).await?.ok_or(TokenError::Gone)?;
        let rules = self.engine.rules(&grant);
        match decide(
            &grant,
            requirement,
            Freshness::Valid,
            rules,
            self.clock.now(),
        ) {
            Step::Serve(token) => Ok(token),
            _ => {
                self.engine
                    .access_token_of(grant, requirement, Cause::Automatic)
                    .await
            }
        }
    }

    /// Returns a newer token than one that looked fresh and was rejected.
    pub(crate) async fn after_rejection(
        &self,
        id: &GrantId,
        requirement: &TokenRequirement,
        rejected: &AccessToken,
    ) -> Result<AccessToken, TokenError> {
        let stored = self.store.load(id).await?;
        // Another request may have refreshed it in the meantime.
        let serial = stored
            .as_ref()
            .and_then(|grant| grant.cached_token(requirement))
            .filter(|cached| cached.token == *rejected)
            .map_or(0, |cached| cached.serial);
        let newer = self
            .engine
            .access_token(
                id,
                requirement,
                Freshness::NewerThan(serial),
                Cause::Automatic,
            )
            .await;
        if newer == Err(TokenError::Reauthorize) {
            // No token is left to use until its end: the next navigation need
            // not wait for that.
            self.mark_expired(id, requirement, Some(rejected)).await;
        }
        newer
    }

    /// Marks every access token of the grant as expired, unless it holds a
    /// newer one for this requirement than `rejected`.
    pub(crate) async fn mark_expired(
        &self,
        id: &GrantId,
        requirement: &TokenRequirement,
        rejected: Option<&AccessToken>,
    ) {
        let Ok(Some(mut grant)) = self.store.load(id).await else {
            return;
        };
        let cached = grant.cached_token(requirement);
        let is_cached = |token: &AccessToken| cached.is_some_and(|cached| cached.token == *token);
        if rejected.is_some_and(|rejected| !is_cached(rejected)) {
            return;
        }
        grant.expire();
        grant.version += 1;
        // If the row has changed, or cannot be written, the token expires in
        // its own time.
        if let Err(error) = self.store.replace(&grant, self.clock.now()).await {
            tracing::warn!(%error, "a rejected access token could not be marked as expired");
        }
    }
}
