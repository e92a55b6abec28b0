//! The control API: faults, policies and clocks set while the provider runs,
//! for demos and tests.
//!
//! [`operations`] has the operations, and [`routes`] offers them over HTTP to
//! the programs that [`guard`] admits. [`presets`] are named settings, and
//! [`token_status`] looks a token up by its fingerprint.

pub(crate) mod error;
mod guard;
pub(crate) mod operations;
pub(crate) mod presets;
mod rejection;
pub(crate) mod routes;
pub(crate) mod token_status;
