//! The `confidant` server: configuration, wiring, layers.
//!
//! - [`config`]: the TOML file and the environment
//! - [`http`]: the layers around the application
//!
//! Everything that decides anything about OAuth is in `bff`.

pub mod config;
pub mod http;
