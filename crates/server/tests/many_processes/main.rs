//! Servers, the demo provider and Postgres as real processes, and test users who
//! use them. The simulation in `confidant-bff` tests the refresh engine alone;
//! these tests show the same properties of the whole program.
//!
//! Each test starts its own processes on free ports and ends only those. The tests
//! in modules named `postgres` are left out, with a message, without Postgres.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crash;
mod database_outage;
mod fixture;
mod metrics;
mod paused_process;
mod provider_faults;
mod sign_out;
mod storm;
