//! The refresh engine: serves callers, and shares one refresh among them.

use super::{
    decide::{Rules, Step, decide},
    error::TokenError,
    exchange,
    shared::{Refreshed, Shared},
    timing::Timing,
    token_endpoint::TokenEndpoint,
};
use crate::{
    clock::Clock,
    grant::{AccessToken, Grant, GrantId, TokenRequirement},
    metrics::Metrics,
    random::Random,
    store::GrantStore,
};
use confidant_protocol::refresh_policy::Freshness;
use confidant_wire::Cause;
use std::{
    collections::hash_map::Entry,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::oneshot;

type Waiter = oneshot::Receiver<Refreshed>;

/// The refresh engine; cheap to clone.
#[derive(Clone)]
pub struct RefreshEngine(Arc<Shared>);

impl RefreshEngine {
    /// Creates an engine over this store and token endpoint.
    pub fn new(
        store: Arc<dyn GrantStore>,
        endpoint: Arc<dyn TokenEndpoint>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        metrics: Metrics,
        timing: Timing,
    ) -> Self {
        Self(Arc::new(Shared {
            store,
            endpoint,
            clock,
            random,
            metrics,
            timing,
            backoff: Mutex::default(),
            waiters: Mutex::default(),
        }))
    }

    /// Returns what decisions about this grant depend on.
    pub(crate) fn rules(&self, grant: &Grant) -> Rules {
        self.0.rules(grant)
    }

    /// Ends the pause of this provider, because its token endpoint has answered
    /// another request.
    pub fn provider_recovered(&self, provider: &str) {
        self.0.backoff().clear(provider);
    }

    /// Returns an access token that meets the requirement. Refreshes first if
    /// necessary.
    ///
    /// # Errors
    /// A [`TokenError`], within the deadline of a token request. A refresh that
    /// takes longer continues without the caller.
    pub async fn access_token(
        &self,
        id: &GrantId,
        requirement: &TokenRequirement,
        freshness: Freshness,
        cause: Cause,
    ) -> Result<AccessToken, TokenError> {
        self.within_deadline(self.obtain(id, None, requirement, freshness, cause))
            .await
    }

    /// Does the same for a caller that has just read the grant and found that
    /// it must be refreshed, so that many callers do not read it again. The
    /// refresh itself reads the row.
    ///
    /// # Errors
    /// As [`RefreshEngine::access_token`].
    pub async fn access_token_of(
        &self,
        recent: Arc<Grant>,
        requirement: &TokenRequirement,
        cause: Cause,
    ) -> Result<AccessToken, TokenError> {
        let id = recent.id.clone();
        self.within_deadline(self.obtain(&id, Some(recent), requirement, Freshness::Valid, cause))
            .await
    }

    async fn within_deadline(
        &self,
        token: impl Future<Output = Result<AccessToken, TokenError>>,
    ) -> Result<AccessToken, TokenError> {
        tokio::time::timeout(self.0.timing.deadline, token)
            .await
            .unwrap_or(Err(TokenError::Unavailable {
                retry_after: Duration::from_secs(1),
            }))
    }

    async fn obtain(
        &self,
        id: &GrantId,
        recent: Option<Arc<Grant>>,
        requirement: &TokenRequirement,
        freshness: Freshness,
        cause: Cause,
    ) -> Result<AccessToken, TokenError> {
        let shared = &self.0;
        let mut may_be_outdated = recent.is_some();
        let mut row = recent;
        loop {
            let grant = match row.take() {
                Some(grant) => grant,
                None => Arc::new(shared.load(id).await?),
            };
            let now = shared.clock.now();
            match decide(&grant, requirement, freshness, shared.rules(&grant), now) {
                Step::Serve(token) => return Ok(token),
                Step::ServeAndRefresh(token) => {
                    shared.metrics.refreshed_ahead();
                    self.join_refresh(id, requirement, freshness, cause);
                    return Ok(token);
                }
                // An outdated row is no reason to refuse: read it again.
                Step::Refuse(_) if may_be_outdated => {}
                Step::Refuse(error) => return Err(error),
                Step::Refresh | Step::ResolveLost | Step::Wait(_) => {
                    let refresh = self.join_refresh(id, requirement, freshness, cause);
                    let refreshed = self.wait_for(refresh).await?;
                    // The refresh may have read the row before this caller did.
                    // Only a newer row saves another read.
                    row = refreshed.filter(|row| row.version > grant.version);
                }
            }
            may_be_outdated = false;
        }
    }

    /// Joins the refresh of the grant that is under way, or starts one. It runs
    /// as a task of its own, so that a caller that goes away does not cancel it.
    fn join_refresh(
        &self,
        id: &GrantId,
        requirement: &TokenRequirement,
        freshness: Freshness,
        cause: Cause,
    ) -> Waiter {
        let (sender, waiter) = oneshot::channel();
        match self.0.waiters().entry(id.clone()) {
            Entry::Occupied(mut waiters) => {
                waiters.get_mut().push(sender);
                return waiter;
            }
            Entry::Vacant(waiters) => waiters.insert(vec![sender]),
        };
        let (shared, id, requirement) = (self.0.clone(), id.clone(), requirement.clone());
        tokio::spawn(async move {
            // However the task ends, its callers stop waiting.
            let mut guard = CompletionGuard {
                shared: &shared,
                id: &id,
                result: Ok(None),
            };
            guard.result = exchange::run(&shared, &id, &requirement, freshness, cause).await;
        });
        waiter
    }

    async fn wait_for(&self, waiter: Waiter) -> Refreshed {
        let _waiting = self.0.metrics.waiting();
        waiter.await.unwrap_or(Ok(None))
    }
}

/// Removes a refresh when it ends, and sends its result to the waiting callers.
struct CompletionGuard<'a> {
    shared: &'a Shared,
    id: &'a GrantId,
    result: Refreshed,
}

impl Drop for CompletionGuard<'_> {
    fn drop(&mut self) {
        let waiters = self.shared.waiters().remove(self.id).unwrap_or_default();
        for waiter in waiters {
            // The receiver may have been dropped.
            let _ = waiter.send(self.result.clone());
        }
    }
}
