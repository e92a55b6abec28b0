//! The `confidant` server: configuration, wiring, layers.
//!
//! - [`config`]: the TOML file and the environment
//!
//! Everything that decides anything about OAuth is in `bff`.

pub mod config;
