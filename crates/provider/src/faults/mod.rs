//! Faults that the provider injects on purpose, so that a demo or test can
//! show how a client handles them.
//!
//! [`rule`] says which fault applies to which requests, and [`plan`] decides
//! about each request. Both are free of I/O.

pub(crate) mod plan;
pub(crate) mod rule;
