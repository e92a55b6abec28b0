//! Calls to APIs: with the demo provider's own, and with some that misbehave.

mod calls;
mod hostile;
mod limits;
mod recency;
mod retry;
mod streams;
mod tricks;
mod upstream;
