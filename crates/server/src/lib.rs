#![doc = include_str!("../README.md")]

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
