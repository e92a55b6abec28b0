//! Every endpoint, with the demo provider at the other end: as a program
//! would use it, and as plain forms do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod app;
mod bad_sign_in;
mod broken_provider;
mod faults;
mod forms;
mod forwarding;
mod google;
mod mediated;
mod refresh_backoff;
mod refresh_limit;
mod refused_refresh;
mod renewal;
mod session;
mod sign_in;
mod silent_reauthentication;
mod token_status;
