//! Postgres servers for tests and benchmarks, from the programs that are
//! installed on this machine.

mod account;
mod for_tests;
mod programs;
mod server;

pub use for_tests::{SERVER_VARIABLE, SharedServer, is_ci, own_server, shared_server};
pub use programs::Programs;
pub use server::{Durability, Postgres};
