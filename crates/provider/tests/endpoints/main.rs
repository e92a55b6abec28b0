//! Every endpoint, in-process: one file each, over one [`app::TestApp`].

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's helpers may fail like the test itself"
)]

mod api;
mod app;
mod authorize;
mod clock;
mod connections;
mod consent;
mod controls;
mod cors;
mod demo;
mod discovery;
mod dpop;
mod dpop_nonce;
mod dpop_proof;
mod end_session;
mod faults;
mod grace;
mod introspect;
mod login;
mod public_client;
mod refresh;
mod restart;
mod revoke;
mod serve;
mod start;
mod token;
mod token_status;
mod tokeninfo;
mod userinfo;
