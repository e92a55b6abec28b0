//! The configuration that a provider starts with.

mod client;
mod demo;
mod provider_config;
mod user;
mod validation;

pub use client::{Client, ClientAuthentication, ClientSecret};
pub use provider_config::{Config, Framing};
pub use user::User;
pub use validation::ConfigError;
