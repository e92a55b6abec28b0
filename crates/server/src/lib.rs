#![doc = include_str!("../README.md")]

pub mod config;
mod connections;
#[cfg(feature = "demo")]
pub mod demo;
pub mod http;
pub mod listen;
pub mod logging;
pub mod metrics;
pub mod operator;
pub mod pages;
pub mod router;
pub mod serve;
pub mod shutdown;
mod subscriber;
