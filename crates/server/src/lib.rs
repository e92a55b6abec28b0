//! The `confidant` server: configuration, wiring, and the demo.
//!
//! - [`config`]: the TOML file and the environment
//! - [`http`]: the layers around the application
//! - [`router`]: which request goes where, and through which layers
//! - [`pages`]: the Leptos application and its server functions
//! - [`serve`]: `confidant serve`
//! - `demo`: the demo provider, inside the server or alone (feature `demo`)
//! - [`metrics`]: `GET /metrics`
//! - [`listen`], [`shutdown`], [`logging`]: the process
//!
//! Every decision about OAuth is made in `confidant_bff`.

pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod http;
pub mod listen;
pub mod logging;
pub mod metrics;
pub mod pages;
pub mod router;
pub mod serve;
pub mod shutdown;
