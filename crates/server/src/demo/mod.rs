//! The demo provider (cargo feature `demo`): inside the server, or in a process
//! of its own.
//!
//! - `embedded`: inside the server
//! - [`standalone`]: `confidant provider`
//! - `controls`: the fault panel's controls of the provider inside the server

mod controls;
mod embedded;
pub mod standalone;

pub use controls::fault_controls;
pub use embedded::{Embedded, Running, provider_config};
pub use standalone::DemoError;
