//! The configuration: one TOML file whose keys environment variables override.
//!
//! [`Config::load`] works in three steps:
//!
//! 1. `document` parses the file and applies the environment variables
//!    (`overrides`). Each value keeps its position, so that errors name a key
//!    and a line or variable (`key_path`).
//! 2. `schema` decodes the document into the known keys.
//! 3. `validate` checks the values and builds a [`Config`] on top of the
//!    settings that this server gives the library (`library`). It collects all
//!    errors (`diagnostics`) before it gives up.
//!
//! One module checks each section: `storage`, `timing`, `limits`, `demo_provider`,
//! `provider` with `profile` and `endpoints`, and `api`. They share the checks of single
//! values: `address`, `duration`, `identifier`, `scopes`, and `secret` with
//! `permissions`.

mod address;
mod api;
mod demo_provider;
mod diagnostics;
mod document;
mod duration;
mod effective;
mod endpoints;
mod environment;
mod error;
mod id_token;
mod identifier;
mod key_path;
mod library;
mod limits;
mod load;
mod overrides;
mod permissions;
mod profile;
mod provider;
mod schema;
mod scopes;
mod secret;
mod storage;
pub mod summary;
mod timing;
mod trusted_proxies;
mod validate;

pub use effective::{Config, DemoProvider};
pub use environment::Environment;
pub use error::{ConfigError, Diagnostic, Location};
pub use limits::{ConnectionLimits, RequestLimits};
pub use schema::LogFormat;
pub use secret::{SecretError, SecretSource};
pub use trusted_proxies::{ForwardedHeader, TrustedProxies};

#[cfg(test)]
mod tests;
