#![doc = include_str!("../README.md")]

#[cfg(feature = "http")]
pub mod cookie_jar;
#[cfg(feature = "http")]
pub mod demo_provider;
#[cfg(feature = "http")]
pub mod deployment;
mod error;
#[cfg(feature = "provider")]
pub mod example_app;
#[cfg(feature = "http")]
pub mod form;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "http")]
pub mod load;
pub mod poll;
pub mod ports;
pub mod postgres;
pub mod process;
#[cfg(feature = "provider")]
pub mod recording_provider;
#[cfg(feature = "http")]
pub mod storm;
#[cfg(feature = "http")]
pub mod test_user;

pub use error::Error;
