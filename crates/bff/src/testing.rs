//! Internals for this project's own tests and benches. Not part of the
//! library's interface: any release may change it.

pub use crate::{
    clock::millis,
    grant::{CachedToken, Lease, PendingRefresh, TokenRequirement},
    metrics::Metrics,
    random::name,
    refresh::{
        Freshness, Outcome, RefreshEngine, RefreshOutcome, Timing, TokenEndpoint,
        backoff::{self, Backoff},
        decide,
    },
};
