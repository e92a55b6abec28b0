//! The `confidant` server: configuration, wiring, layers, listeners.
//!
//! - [`config`]: the TOML file and the environment
//! - [`http`]: the layers around the application
//! - [`router`]: which request goes where, and through which layers
//! - [`pages`]: the Leptos application and its server functions
//! - [`serve`]: `confidant serve`
//! - [`controls`]: what can be made to go wrong at that provider
//! - [`demo`]: the demo provider, inside the server or alone
//! - [`metrics`]: what is counted, for operators
//! - [`listen`], [`shutdown`], [`logging`]: the process
//!
//! Everything that decides anything about OAuth is in `bff`.

pub mod config;
pub mod controls;
pub mod demo;
pub mod http;
pub mod listen;
pub mod logging;
pub mod metrics;
pub mod pages;
pub mod router;
pub mod serve;
pub mod shutdown;
