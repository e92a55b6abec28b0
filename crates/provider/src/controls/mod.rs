//! The control API: faults, policies and clocks set while the provider runs,
//! for demos and tests.
//!
//! [`operations`] are what it does, [`routes`] offer them over HTTP to the
//! programs that [`guard`] admits, and [`presets`] are named settings.
//! [`token_status`] reports the status of a token by its fingerprint.

mod error;
mod guard;
pub(crate) mod operations;
pub(crate) mod presets;
pub(crate) mod routes;
pub(crate) mod token_status;
