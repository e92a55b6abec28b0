//! Every endpoint, with the demo provider: as programs and as plain forms use it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod app;
mod bad_sign_in;
mod broken_provider;
mod changed_provider;
mod concurrent_reauthentication;
mod faults;
mod forms;
mod forwarding;
mod google;
mod mediated;
mod rate_limit;
mod refresh_backoff;
mod refresh_limit;
mod refused_refresh;
mod revocation;
mod session;
mod sign_in;
mod silent_reauthentication;
mod token_status;
