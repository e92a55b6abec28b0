//! A document of the provider that lives as long as the provider says: fetched
//! once for all callers, kept when a later fetch fails.

use super::metadata::MetadataError;
use crate::clock::{Clock, elapsed};
use confidant_wire::UnixMillis;
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long an older document is used after a fetch failed, before the next
/// caller tries again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// How long a document is used although it has turned out to be outdated: one
/// that cannot be better is not fetched for each request.
const SHORTEST_LIFETIME: Duration = Duration::from_secs(10);

/// A document, and how long it may be used.
#[derive(Debug)]
pub(super) struct Fetched<T> {
    pub(super) document: T,
    pub(super) lifetime: Duration,
}

/// The document that was fetched last.
pub(super) struct LiveDocument<T> {
    state: Arc<Mutex<State<T>>>,
    clock: Arc<dyn Clock>,
}

struct State<T> {
    stored: Option<Stored<T>>,
    /// The fetch under way, whose result all callers share.
    fetch: Option<Fetch<T>>,
}

struct Stored<T> {
    document: Arc<T>,
    fetched_at: UnixMillis,
    lifetime: Duration,
}

type FetchResult<T> = Result<Arc<T>, MetadataError>;
type Fetch<T> = Shared<BoxFuture<'static, FetchResult<T>>>;

impl<T: Send + Sync + 'static> LiveDocument<T> {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let state = State {
            stored: None,
            fetch: None,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            clock,
        }
    }

    /// Returns the document. When it is missing or too old, `fetch` fetches it;
    /// an older one is returned if that fails.
    ///
    /// # Errors
    /// If there is no document and it cannot be fetched.
    pub(super) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> FetchResult<T>
    where
        F: Future<Output = Result<Fetched<T>, MetadataError>> + Send + 'static,
    {
        let now = self.clock.now();
        let fetching = {
            let mut state = lock(&self.state);
            if let Some(stored) = &state.stored
                && elapsed(stored.fetched_at, now) < stored.lifetime
            {
                return Ok(stored.document.clone());
            }
            self.fetch(&mut state, fetch)
        };
        let fetched = fetching.await;
        match (&mut lock(&self.state).stored, fetched) {
            (Some(older), Err(error)) => {
                tracing::warn!(%error, "a provider's document is used although it is old");
                older.fetched_at = self.clock.now();
                older.lifetime = PAUSE_AFTER_FAILURE;
                Ok(older.document.clone())
            }
            (_, fetched) => fetched,
        }
    }

    /// Returns a document that is newer than `known`, which has turned out to be
    /// outdated.
    ///
    /// # Errors
    /// If it cannot be fetched.
    pub(super) async fn newer_than<F>(
        &self,
        known: &Arc<T>,
        fetch: impl FnOnce() -> F,
    ) -> FetchResult<T>
    where
        F: Future<Output = Result<Fetched<T>, MetadataError>> + Send + 'static,
    {
        let fetching = {
            let mut state = lock(&self.state);
            match &state.stored {
                Some(stored) if !Arc::ptr_eq(&stored.document, known) => {
                    return Ok(stored.document.clone());
                }
                _ => self.fetch(&mut state, fetch),
            }
        };
        fetching.await
    }

    /// Returns the document that was fetched last, whatever its age.
    pub(super) fn last(&self) -> Option<Arc<T>> {
        let state = lock(&self.state);
        Some(state.stored.as_ref()?.document.clone())
    }

    /// Lets the next caller fetch the document again, unless it has just been
    /// fetched.
    pub(super) fn expire(&self) {
        if let Some(stored) = &mut lock(&self.state).stored {
            stored.lifetime = stored.lifetime.min(SHORTEST_LIFETIME);
        }
    }

    /// Joins the fetch under way, or starts one. It goes on when callers leave.
    fn fetch<F>(&self, state: &mut State<T>, fetch: impl FnOnce() -> F) -> Fetch<T>
    where
        F: Future<Output = Result<Fetched<T>, MetadataError>> + Send + 'static,
    {
        // One that has completed was not taken away, because its task ended early.
        if let Some(under_way) = state.fetch.clone().filter(|fetch| fetch.peek().is_none()) {
            return under_way;
        }
        let task = tokio::spawn(store(self.state.clone(), self.clock.clone(), fetch()));
        let fetch = async move {
            let joined = task.await;
            joined.unwrap_or_else(|_| Err(MetadataError::Unavailable))
        };
        let fetch = fetch.boxed().shared();
        state.fetch = Some(fetch.clone());
        fetch
    }
}

/// Fetches a document and stores it.
async fn store<T>(
    state: Arc<Mutex<State<T>>>,
    clock: Arc<dyn Clock>,
    fetch: impl Future<Output = Result<Fetched<T>, MetadataError>>,
) -> FetchResult<T> {
    let fetched = fetch.await;
    let mut state = lock(&state);
    state.fetch = None;
    let Fetched { document, lifetime } = fetched?;
    let document = Arc::new(document);
    state.stored = Some(Stored {
        document: document.clone(),
        fetched_at: clock.now(),
        lifetime,
    });
    Ok(document)
}

fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::testing::ManualClock;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use tokio::time::{Instant, sleep};

    const LIFETIME: Duration = Duration::from_secs(3600);

    struct Source {
        clock: Arc<ManualClock>,
        document: LiveDocument<u32>,
        fetches: Arc<AtomicU32>,
    }

    impl Source {
        fn new() -> Self {
            let clock = Arc::new(ManualClock::default());
            Self {
                document: LiveDocument::new(clock.clone()),
                clock,
                fetches: Arc::default(),
            }
        }

        /// A fetch that takes five seconds, and brings the number of the fetch.
        fn fetch(
            &self,
            is_good: bool,
        ) -> impl Future<Output = Result<Fetched<u32>, MetadataError>> + Send + 'static {
            let fetches = self.fetches.clone();
            async move {
                sleep(Duration::from_secs(5)).await;
                let document = fetches.fetch_add(1, SeqCst) + 1;
                let lifetime = LIFETIME;
                is_good
                    .then_some(Fetched { document, lifetime })
                    .ok_or(MetadataError::Unavailable)
            }
        }

        async fn get(&self, is_good: bool) -> Result<u32, MetadataError> {
            self.document.get(|| self.fetch(is_good)).await.map(|n| *n)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn b11_all_callers_share_one_fetch_and_its_failure() {
        let source = Source::new();
        let start = Instant::now();
        let results = join_all((0..20).map(|_| source.get(false))).await;
        assert_eq!(results, vec![Err(MetadataError::Unavailable); 20]);
        assert_eq!(start.elapsed().as_secs(), 5);
        assert_eq!(source.fetches.load(SeqCst), 1);
        // B47: the failure is not remembered.
        assert_eq!(source.get(true).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_document_is_fetched_again_when_it_is_too_old() {
        let source = Source::new();
        assert_eq!(source.get(true).await, Ok(1));
        source.clock.advance(LIFETIME - Duration::from_millis(1));
        assert_eq!(source.get(true).await, Ok(1));
        source.clock.advance(Duration::from_millis(1));
        assert_eq!(source.get(true).await, Ok(2));
        source.document.expire();
        assert_eq!(source.document.last().as_deref(), Some(&2));
        assert_eq!(source.get(true).await, Ok(2));
        source.clock.advance(SHORTEST_LIFETIME);
        assert_eq!(source.get(true).await, Ok(3));
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_document_is_used_while_no_newer_one_can_be_fetched() {
        let source = Source::new();
        assert_eq!(source.get(true).await, Ok(1));
        source.clock.advance(LIFETIME);
        assert_eq!(source.get(false).await, Ok(1));
        // The next callers do not wait for another failure.
        let start = Instant::now();
        assert_eq!(source.get(false).await, Ok(1));
        assert_eq!(start.elapsed(), Duration::ZERO);
        source.clock.advance(PAUSE_AFTER_FAILURE);
        assert_eq!(source.get(true).await, Ok(3));
    }

    #[tokio::test(start_paused = true)]
    async fn an_outdated_document_is_replaced_once_for_all_who_noticed() {
        let source = Source::new();
        let known = source.document.get(|| source.fetch(true)).await.unwrap();
        let newer = || source.document.newer_than(&known, || source.fetch(true));
        let results = join_all([newer(), newer(), newer()]).await;
        assert!(results.iter().all(|newer| newer.as_deref() == Ok(&2)));
        assert_eq!(newer().await.as_deref(), Ok(&2));
        let known = source.document.last().unwrap();
        let failed = source.document.newer_than(&known, || source.fetch(false));
        assert_eq!(failed.await, Err(MetadataError::Unavailable));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_leaves_does_not_end_the_fetch() {
        let source = Source::new();
        let waiting = tokio::time::timeout(Duration::from_secs(1), source.get(true));
        assert!(waiting.await.is_err());
        let start = Instant::now();
        assert_eq!(source.get(true).await, Ok(1));
        assert_eq!(start.elapsed().as_secs(), 4);
    }
}
