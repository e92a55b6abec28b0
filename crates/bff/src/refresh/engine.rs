//! Flights, those who wait for them, and the store.

use super::{
    backoff::Backoff,
    decide::{Freshness, Rules, Step, TokenError, decide},
    exchange,
    outcome::{Outcome, Reuse},
};
use crate::{
    clock::Clock,
    exchange_log::ExchangeLog,
    grant::{AccessToken, Grant, GrantId, TokenRequirement},
    metrics::Metrics,
    random::Random,
    store::GrantStore,
};
use async_trait::async_trait;
use confidant_wire::Cause;
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// Where refresh tokens are traded.
#[async_trait]
pub trait TokenEndpoint: Send + Sync {
    /// Presents the grant's refresh token (RFC 6749, section 6), and says
    /// what became of it.
    async fn refresh(&self, grant: &Grant, want: &TokenRequirement, deadline: Duration) -> Outcome;

    /// What the grant's provider does with a refresh token seen before.
    fn reuse(&self, provider: &str) -> Reuse;
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// A token request, answer included.
    pub deadline: Duration,
    /// The right to fly. Longer than the deadline.
    pub lease: Duration,
    /// The pause before the one retry of a request that was not processed.
    pub pause: Duration,
    /// How long before its end an access token is refreshed.
    pub ahead: Duration,
}

impl Timing {
    /// Token requests may take this long, and everything else follows. A lease
    /// has room for a request and its one retry.
    pub fn with_deadline(deadline: Duration) -> Self {
        Self {
            deadline,
            lease: deadline * 3,
            pause: deadline / 20,
            ahead: Duration::from_secs(60),
        }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self::with_deadline(Duration::from_secs(5))
    }
}

/// What a flight brought for those who wait for it: the row as it stands, or
/// a refusal. Without a row they have to look for themselves.
pub(super) type Refreshed = Result<Option<Arc<Grant>>, TokenError>;

type Waiter = oneshot::Receiver<Refreshed>;

/// What flights and waiters share.
pub(super) struct Shared {
    pub(super) store: Arc<dyn GrantStore>,
    pub(super) endpoint: Arc<dyn TokenEndpoint>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) exchange_log: ExchangeLog,
    pub(super) metrics: Metrics,
    pub(super) timing: Timing,
    pub(super) backoff: Mutex<Backoff>,
    refreshes: Mutex<HashMap<GrantId, Vec<oneshot::Sender<Refreshed>>>>,
}

impl Shared {
    /// What decisions about this grant depend on.
    pub(super) fn rules(&self, grant: &Grant) -> Rules {
        Rules {
            reuse: self.endpoint.reuse(&grant.provider),
            ahead: self.timing.ahead,
        }
    }
}

/// The refresh engine; cheap to clone.
#[derive(Clone)]
pub struct RefreshEngine(Arc<Shared>);

impl RefreshEngine {
    /// An engine over this store and token endpoint.
    pub fn new(
        store: Arc<dyn GrantStore>,
        endpoint: Arc<dyn TokenEndpoint>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        exchange_log: ExchangeLog,
        metrics: Metrics,
        timing: Timing,
    ) -> Self {
        Self(Arc::new(Shared {
            store,
            endpoint,
            clock,
            random,
            exchange_log,
            metrics,
            timing,
            backoff: Mutex::default(),
            refreshes: Mutex::default(),
        }))
    }

    /// What decisions about this grant depend on.
    pub(crate) fn rules(&self, grant: &Grant) -> Rules {
        self.0.rules(grant)
    }

    /// Records that this provider's token endpoint has answered another
    /// request, so that no refresh waits for it.
    pub fn provider_recovered(&self, provider: &str) {
        exchange::backoff(&self.0).clear(provider);
    }

    /// A token for this use, refreshed first where that is needed.
    ///
    /// # Errors
    /// A [`Refusal`], within the deadline of a token request. A flight that
    /// takes longer goes on without the caller.
    pub async fn access_token(
        &self,
        id: &GrantId,
        want: &TokenRequirement,
        demand: Freshness,
        cause: Cause,
    ) -> Result<AccessToken, TokenError> {
        self.in_time(self.search(id, None, want, demand, cause))
            .await
    }

    /// The same for somebody who read the grant a moment ago and found that it
    /// has to be refreshed: a crowd of them needs no look of its own for each.
    /// Nothing is refreshed by what they read; the flight looks for itself.
    ///
    /// # Errors
    /// As [`Engine::access_token`].
    pub async fn access_token_of(
        &self,
        known: Arc<Grant>,
        want: &TokenRequirement,
        cause: Cause,
    ) -> Result<AccessToken, TokenError> {
        let id = known.id.clone();
        self.in_time(self.search(&id, Some(known), want, Freshness::Usable, cause))
            .await
    }

    async fn in_time(
        &self,
        search: impl Future<Output = Result<AccessToken, TokenError>>,
    ) -> Result<AccessToken, TokenError> {
        tokio::time::timeout(self.0.timing.deadline, search)
            .await
            .unwrap_or(Err(TokenError::Unavailable {
                retry_after: Duration::from_secs(1),
            }))
    }

    async fn search(
        &self,
        id: &GrantId,
        known: Option<Arc<Grant>>,
        want: &TokenRequirement,
        demand: Freshness,
        cause: Cause,
    ) -> Result<AccessToken, TokenError> {
        let shared = &self.0;
        let mut is_old = known.is_some();
        let mut brought = known;
        loop {
            let grant = match brought.take() {
                Some(grant) => grant,
                None => Arc::new(load(shared, id).await?),
            };
            let now = shared.clock.now();
            match decide(&grant, want, demand, shared.rules(&grant), now) {
                Step::Serve(token) => return Ok(token),
                Step::ServeAndRefresh(token) => {
                    shared.metrics.refreshed_ahead();
                    self.start(id, want, demand, cause);
                    return Ok(token);
                }
                // Nobody is refused for what may have changed since.
                Step::Refuse(_) if is_old => {}
                Step::Refuse(token_error) => return Err(token_error),
                Step::Refresh | Step::ResolveLost | Step::Wait(_) => {
                    let row =
                        wait_for_outcome(&shared.metrics, self.start(id, want, demand, cause))
                            .await?;
                    // A flight may have looked before we did. What is newer than
                    // the row that we saw spares us the look.
                    brought = row.filter(|row| row.version > grant.version);
                }
            }
            is_old = false;
        }
    }

    /// Joins the grant's flight, or starts it. The flight is a task of its
    /// own: a caller who goes away does not take it down.
    fn start(
        &self,
        id: &GrantId,
        want: &TokenRequirement,
        demand: Freshness,
        cause: Cause,
    ) -> Waiter {
        let (tell, waiter) = oneshot::channel();
        match refreshes(&self.0).entry(id.clone()) {
            Entry::Occupied(mut exchange) => {
                exchange.get_mut().push(tell);
                return waiter;
            }
            Entry::Vacant(exchange) => exchange.insert(vec![tell]),
        };
        let (shared, id, want) = (self.0.clone(), id.clone(), want.clone());
        tokio::spawn(async move {
            // Whatever becomes of the task, nobody waits for a flight that
            // is over.
            let mut landing = CompletionGuard {
                shared: &shared,
                id: &id,
                result: Ok(None),
            };
            landing.result = exchange::run(&shared, &id, &want, demand, cause).await;
        });
        waiter
    }
}

/// Takes a flight off the list when it ends, and tells those who wait.
struct CompletionGuard<'a> {
    shared: &'a Shared,
    id: &'a GrantId,
    result: Refreshed,
}

impl Drop for CompletionGuard<'_> {
    fn drop(&mut self) {
        let waiters = refreshes(self.shared).remove(self.id).unwrap_or_default();
        for waiter in waiters {
            // Those who went away need no answer.
            let _ = waiter.send(self.result.clone());
        }
    }
}

fn refreshes(shared: &Shared) -> MutexGuard<'_, HashMap<GrantId, Vec<oneshot::Sender<Refreshed>>>> {
    shared
        .refreshes
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

async fn wait_for_outcome(metrics: &Metrics, waiter: Waiter) -> Refreshed {
    let _waiting = metrics.waiting();
    waiter.await.unwrap_or(Ok(None))
}

/// The grant as it is stored, or the reason why there is none.
pub(super) async fn load(shared: &Shared, id: &GrantId) -> Result<Grant, TokenError> {
    match shared.store.load(id).await {
        Ok(Some(grant)) => Ok(grant),
        Ok(None) => Err(TokenError::Gone),
        Err(error) => {
            tracing::error!(grant = %id.0, %error, "a grant could not be read");
            Err(error.into())
        }
    }
}
