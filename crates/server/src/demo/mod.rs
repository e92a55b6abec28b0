//! The demo provider (cargo feature `demo`): inside the server, or in a process
//! of its own.
//!
//! - `embedded`: inside the server
//! - [`standalone`]: `confidant provider`
//! - `controls`: what the fault panel sets at the provider inside the server

mod controls;
mod embedded;
pub mod standalone;

pub use embedded::{Embedded, Running, config};
pub use standalone::DemoError;
