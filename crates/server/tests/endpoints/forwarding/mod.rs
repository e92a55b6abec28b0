//! Forwarded API calls: to the demo provider's API, and to APIs that misbehave.

mod calls;
mod limits;
mod misbehaving_api;
mod request_line;
mod retry;
mod staleness;
mod streams;
mod upstream;
