//! The refresh engine: returns an access token that meets the caller's
//! requirement, or a typed error.
//!
//! Every transition is a pure function in [`decide`]. The engine carries it out
//! with a compare-and-set on the grant's row.
//!
//! - `engine`: serves callers, and shares one refresh among them
//! - `lease`: acquires the right to refresh
//! - `exchange`: one refresh, from its lease to the stored outcome
//! - [`decide`]: what to do with a grant, and how an outcome changes it
//! - [`backoff`]: pauses before refreshes that would likely fail again
//! - `shared`: what the engine's tasks have in common
//! - `outcome`: the outcome of a refresh; `error`: why there is no token
//! - `timing`: deadlines; `token_endpoint`: the provider, as the engine sees it
//! - [`rate_limit`]: a limit on explicit refreshes

pub mod backoff;
pub mod decide;
mod engine;
mod error;
mod exchange;
mod lease;
mod outcome;
pub(crate) mod rate_limit;
mod shared;
mod timing;
mod token_endpoint;

pub use confidant_protocol::{Outcome, Reuse, refresh_policy::Freshness};
pub use engine::RefreshEngine;
pub use error::TokenError;
pub use outcome::RefreshOutcome;
pub use timing::Timing;
pub use token_endpoint::TokenEndpoint;
