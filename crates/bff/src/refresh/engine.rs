//! Flights, those who wait for them, and the store.

use super::{
    backoff::Backoff,
    decide::{Demand, Refusal, Step, decide},
    flight,
    outcome::{Outcome, Reuse},
};
use crate::{
    clock::{Clock, millis},
    grant::{AccessToken, Grant, GrantId, Want},
    journal::Journal,
    random::Random,
};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;
use wire::Cause;

/// Where grants are kept.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// The grant as it is stored at this moment.
    async fn load(&self, id: &GrantId) -> Result<Option<Grant>, StoreError>;

    /// Stores the grant if the stored row is of the version before it, and
    /// says whether it did.
    async fn replace(&self, grant: &Grant) -> Result<bool, StoreError>;
}

/// The store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or not as it should.
    #[error("the database failed: {0}")]
    Unavailable(String),
    /// A sealed column does not open.
    #[error(transparent)]
    Unsealable(#[from] crate::grant::vault::Unsealable),
}

/// Where refresh tokens are traded.
#[async_trait]
pub trait TokenEndpoint: Send + Sync {
    /// Presents the grant's refresh token (RFC 6749, section 6), and says
    /// what became of it.
    async fn refresh(&self, grant: &Grant, want: &Want, deadline: Duration) -> Outcome;

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
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(5),
            lease: Duration::from_secs(15),
            pause: Duration::from_millis(250),
        }
    }
}

/// What a flight brought for those who wait for it: look at the row again, or
/// this.
pub(super) type Landed = Result<(), Refusal>;

type Flight = watch::Receiver<Option<Landed>>;

/// What flights and waiters share.
pub(super) struct Shared {
    pub(super) store: Arc<dyn GrantStore>,
    pub(super) endpoint: Arc<dyn TokenEndpoint>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) journal: Journal,
    pub(super) timing: Timing,
    pub(super) backoff: Mutex<Backoff>,
    flights: Mutex<HashMap<GrantId, Flight>>,
}

/// The refresh engine; cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Shared>);

impl Engine {
    /// An engine over this store and token endpoint.
    pub fn new(
        store: Arc<dyn GrantStore>,
        endpoint: Arc<dyn TokenEndpoint>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        journal: Journal,
        timing: Timing,
    ) -> Self {
        Self(Arc::new(Shared {
            store,
            endpoint,
            clock,
            random,
            journal,
            timing,
            backoff: Mutex::default(),
            flights: Mutex::default(),
        }))
    }

    /// A token for this use, refreshed first where that is needed.
    ///
    /// # Errors
    /// A [`Refusal`], within the deadline of one flight and its retry.
    pub async fn access_token(
        &self,
        id: &GrantId,
        want: &Want,
        demand: Demand,
        cause: Cause,
    ) -> Result<AccessToken, Refusal> {
        let shared = &self.0;
        let patience = millis(shared.timing.deadline * 2 + shared.timing.pause);
        let until = shared.clock.now().saturating_add(patience);
        let mut pause = Duration::from_millis(5);
        loop {
            let grant = load(shared, id).await?;
            let reuse = shared.endpoint.reuse(&grant.provider);
            let now = shared.clock.now();
            match decide(&grant, want, demand, reuse, now) {
                Step::Serve(token) => return Ok(token),
                Step::ServeAndFly(token) => {
                    self.start(id, want, demand, cause);
                    return Ok(token);
                }
                Step::Refuse(refusal) => return Err(refusal),
                _ if now >= until => {
                    return Err(Refusal::Unavailable {
                        retry_after: shared.timing.deadline,
                    });
                }
                Step::Fly | Step::Settle => landed(self.start(id, want, demand, cause)).await?,
                Step::Wait(_) => match self.under_way(id) {
                    Some(flight) => landed(flight).await?,
                    // Another process flies: its answer will stand in the row.
                    None => {
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(Duration::from_millis(50));
                    }
                },
            }
        }
    }

    /// Joins the grant's flight, or starts it. The flight is a task of its
    /// own: a caller who goes away does not take it down.
    fn start(&self, id: &GrantId, want: &Want, demand: Demand, cause: Cause) -> Flight {
        let mut flights = flights(&self.0);
        if let Some(flight) = flights.get(id) {
            return flight.clone();
        }
        let (land, flight) = watch::channel(None);
        flights.insert(id.clone(), flight.clone());
        let (shared, id, want) = (self.0.clone(), id.clone(), want.clone());
        tokio::spawn(async move {
            // Whatever becomes of the task, nobody waits for a flight that
            // is over.
            let _struck = Struck(&shared, &id);
            let result = flight::fly(&shared, &id, &want, demand, cause).await;
            land.send_replace(Some(result));
        });
        flight
    }

    fn under_way(&self, id: &GrantId) -> Option<Flight> {
        flights(&self.0).get(id).cloned()
    }
}

/// Takes a flight off the list when it ends.
struct Struck<'a>(&'a Shared, &'a GrantId);

impl Drop for Struck<'_> {
    fn drop(&mut self) {
        flights(self.0).remove(self.1);
    }
}

fn flights(shared: &Shared) -> MutexGuard<'_, HashMap<GrantId, Flight>> {
    shared
        .flights
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

async fn landed(mut flight: Flight) -> Landed {
    match flight.wait_for(Option::is_some).await {
        Ok(result) => result.clone().unwrap_or(Ok(())),
        // The task went down without a word: look at the row again.
        Err(_) => Ok(()),
    }
}

/// The grant as it is stored, or the reason why there is none.
pub(super) async fn load(shared: &Shared, id: &GrantId) -> Result<Grant, Refusal> {
    match shared.store.load(id).await {
        Ok(Some(grant)) => Ok(grant),
        Ok(None) => Err(Refusal::Gone),
        Err(error) => {
            tracing::error!(grant = %id.0, %error, "a grant could not be read");
            Err(Refusal::Store)
        }
    }
}
