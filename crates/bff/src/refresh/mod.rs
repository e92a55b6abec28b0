//! The refresh engine: an access token that is good for what was asked, or a
//! typed reason why not.
//!
//! Every transition is a pure function in [`decide`]; the engine carries it
//! out with a compare-and-set on the grant's row.
//!
//! - [`backoff`]: pauses before refreshes that would likely fail again
//! - [`decide`]: what to do with a grant as it stands, and what a landing makes of it
//! - [`outcome`]: what became of a token request
//! - [`token_error`]: what follows from a token error response
//! - [`rate_limit`]: a limit on explicit refreshes
//! - [`engine`]: flights, those who wait for them, and the store
//! - [`flight`]: one request, from its lease to the stored answer

pub mod backoff;
pub mod decide;
pub(crate) mod engine;
mod exchange;
pub(crate) mod outcome;
pub(crate) mod rate_limit;
pub(crate) mod token_error;

pub use decide::{Freshness, TokenError};
pub use engine::{RefreshEngine, Timing, TokenEndpoint};
pub use outcome::{Outcome, Reuse};
