//! What the tasks of one engine have in common.

use super::{
    backoff::Backoff, decide::Rules, error::TokenError, timing::Timing,
    token_endpoint::TokenEndpoint,
};
use crate::{
    clock::Clock,
    grant::{Grant, GrantId},
    metrics::Metrics,
    random::Random,
    store::GrantStore,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// The result of a refresh for the callers that wait for it: the stored row, or
/// an error. Without a row, each caller has to read it.
pub(super) type Refreshed = Result<Option<Arc<Grant>>, TokenError>;

/// The waiting callers of each grant that is being refreshed.
pub(super) type Waiters = HashMap<GrantId, Vec<oneshot::Sender<Refreshed>>>;

pub(super) struct Shared {
    pub(super) store: Arc<dyn GrantStore>,
    pub(super) endpoint: Arc<dyn TokenEndpoint>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) metrics: Metrics,
    pub(super) timing: Timing,
    pub(super) backoff: Mutex<Backoff>,
    pub(super) waiters: Mutex<Waiters>,
}

impl Shared {
    /// Returns what decisions about this grant depend on.
    pub(super) fn rules(&self, grant: &Grant) -> Rules {
        Rules {
            reuse: self.endpoint.reuse(&grant.provider),
            ahead: self.timing.ahead,
        }
    }

    /// Returns the stored grant.
    pub(super) async fn load(&self, id: &GrantId) -> Result<Grant, TokenError> {
        match self.store.load(id).await {
            Ok(Some(grant)) => Ok(grant),
            Ok(None) => Err(TokenError::Gone),
            Err(error) => {
                tracing::error!(grant = %id.0, %error, "a grant cannot be read");
                Err(error.into())
            }
        }
    }

    pub(super) fn backoff(&self) -> MutexGuard<'_, Backoff> {
        self.backoff.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
