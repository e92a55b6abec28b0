//! Real processes: servers, the demo provider and Postgres, and users at
//! them. What the simulation shows of the engine, this shows of the program.
//!
//! Each test has processes of its own, on free ports, and ends those alone.
//! Tests in a module `postgres` are left out, aloud, where there is none.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crash;
mod database_outage;
mod fixture;
mod metrics;
mod paused_process;
mod provider_faults;
mod storm;
