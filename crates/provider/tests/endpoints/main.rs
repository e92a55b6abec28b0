//! Tests of the endpoints, in-process, each with an [`app::TestApp`].

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failure in a helper fails the test"
)]

mod api;
mod app;
mod authorization_code;
mod authorize;
mod clock_offsets;
mod configuration;
mod connection_faults;
mod consent;
mod control_api;
mod cors;
mod decision_log;
mod discovery;
mod dpop;
mod dpop_nonce;
mod dpop_proof;
mod end_session;
mod grace_periods;
mod introspect;
mod login;
mod public_client;
mod refresh;
mod response_faults;
mod restart;
mod revoke;
mod serve;
mod token_status;
mod tokeninfo;
mod userinfo;
