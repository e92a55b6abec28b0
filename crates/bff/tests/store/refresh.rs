//! The refresh engine with a real store.

use crate::{
    database_link::DatabaseLink,
    fixture::{Fixture, open_at},
    sample,
};
use async_trait::async_trait;
use confidant_bff::{
    Clock, Reuse, SystemClock, SystemRandom, TokenError,
    store::{Grant, GrantId, GrantStatus, Store, TokenRequirement},
    testing::{Freshness, Metrics, Outcome, RefreshEngine, Timing, TokenEndpoint},
};
use confidant_wire::Cause;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// A provider with strict rotation that takes 40 ms to respond.
#[derive(Default)]
struct ProviderClient {
    requests: AtomicU64,
    /// The link that is closed before the provider responds.
    closes: Option<DatabaseLink>,
}

#[async_trait]
impl TokenEndpoint for ProviderClient {
    async fn refresh(&self, grant: &Grant, _: &TokenRequirement, _: Duration) -> Outcome {
        self.requests.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(40)).await;
        if let Some(link) = &self.closes {
            link.close().await;
        }
        Outcome::Success(Box::new(sample::token_response(grant.serial + 1)))
    }

    fn reuse(&self, _: &str) -> Reuse {
        Reuse::Strict
    }
}

/// Returns an engine that the store cannot tell from one of another process.
fn engine(store: &Arc<dyn Store>, provider: &Arc<ProviderClient>) -> RefreshEngine {
    RefreshEngine::new(
        store.clone(),
        provider.clone(),
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
        Metrics::default(),
        Timing::default(),
    )
}

/// Stores a grant whose access token has expired.
async fn expired(store: &dyn Store) -> Grant {
    let grant = sample::grant(SystemClock.now() - 61_000);
    let session = sample::session(&grant, u64::MAX / 2);
    store.begin_session(&session, &grant).await.unwrap();
    grant
}

async fn token(engine: RefreshEngine, id: GrantId) -> Result<String, TokenError> {
    engine
        .access_token(
            &id,
            &TokenRequirement::default(),
            Freshness::Valid,
            Cause::Automatic,
        )
        .await
        .map(|token| token.secret)
}

pub(crate) async fn three_processes_with_fifty_callers_each_send_one_request(fixture: &Fixture) {
    let provider = Arc::new(ProviderClient::default());
    let mut engines = Vec::new();
    for _ in 0..3 {
        engines.push(engine(&fixture.store().await, &provider));
    }
    let grant = expired(fixture.store().await.as_ref()).await;
    let callers: Vec<_> = (0..150)
        .map(|n| tokio::spawn(token(engines[n % 3].clone(), grant.id.clone())))
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Ok("at-2".to_owned()));
    }
    assert_eq!(provider.requests.load(Ordering::Relaxed), 1);
    let stored = fixture
        .store()
        .await
        .load(&grant.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((stored.generation, stored.pending), (2, None));
}

pub(crate) async fn a_token_response_survives_ten_seconds_without_a_database(fixture: &Fixture) {
    let link = DatabaseLink::to(fixture).await;
    let provider = Arc::new(ProviderClient {
        closes: Some(link.clone()),
        ..ProviderClient::default()
    });
    let store = open_at(&link.url(), fixture.keys()).await.unwrap();
    let engine = engine(&store, &provider);
    let grant = expired(store.as_ref()).await;

    let began = Instant::now();
    let refused = token(engine.clone(), grant.id.clone()).await;
    assert!(refused.is_err(), "{refused:?}");
    // The request fails long before the database is available again.
    assert!(began.elapsed() < Duration::from_secs(9), "{began:?}");
    tokio::time::sleep(Duration::from_secs(10).saturating_sub(began.elapsed())).await;
    link.open().await;

    // Without another request, the engine stores the token response by itself.
    let stored = loop {
        let stored = store.load(&grant.id).await.ok().flatten();
        match stored.filter(|stored| stored.serial > grant.serial) {
            Some(stored) => break stored,
            None if began.elapsed() > Duration::from_secs(25) => {
                panic!("the token response was lost")
            }
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    assert_eq!(
        (stored.generation, &stored.status),
        (2, &GrantStatus::Active)
    );
    assert_eq!(token(engine, grant.id).await, Ok("at-2".to_owned()));
    assert_eq!(provider.requests.load(Ordering::Relaxed), 1);
}
