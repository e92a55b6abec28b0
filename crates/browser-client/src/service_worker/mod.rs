//! The service worker that stores tokens (RFC 10017, section 7.4): the page's
//! side, and the worker's script.

mod client;
mod reply;
pub(crate) mod script;

pub use client::ServiceWorkerClient;
