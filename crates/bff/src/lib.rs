#![doc = include_str!("../README.md")]

mod abort_on_drop;
#[cfg(feature = "axum")]
pub mod axum;
mod background;
mod bff;
mod build_error;
mod builder;
mod cache;
mod client_address;
mod clock;
mod common_problems;
mod components;
mod detached;
mod digest;
mod error;
mod exchange_log;
mod forward;
mod grant;
pub mod guides;
mod http_client;
mod login;
mod metrics;
mod operations;
mod provider;
mod random;
mod refresh;
mod request_cookies;
mod revocation;
mod session;
pub mod settings;
mod single_flight;
pub mod store;
#[doc(hidden)]
pub mod testing;
mod token_source;

#[cfg(feature = "axum")]
pub use crate::axum::OptionalSession;
pub use bff::Bff;
pub use build_error::BuildError;
pub use builder::BffBuilder;
pub use client_address::ClientAddress;
pub use clock::{Clock, SystemClock};
pub use confidant_protocol::AuthorizationResponse;
pub use error::BffError;
pub use exchange_log::BrowserExchange;
pub use forward::{ForwardError, ResponseBody};
pub use grant::AccessToken;
pub use login::{LoginError, LoginRequest, SignInParameters};
pub use provider::{CallError, MetadataError, UnknownProfile};
pub use random::{Random, SystemRandom, secret as generate_secret};
pub use refresh::{Reuse, TokenError};
pub use request_cookies::WithCookies;
pub use session::{Session, User};
pub use settings::{Api, Provider, Secret};
pub use store::keygen;
