//! The middleware around the routes of the library and the application.
//!
//! - [`rate_limit`]: limits the rate of requests; `client_address`: of which client
//! - [`request_log`]: logs each request and checks its target
//! - [`assets`]: serves scripts, WebAssembly and styles
//! - [`form_results`]: redirects after plain forms

pub mod assets;
mod client_address;
pub mod form_results;
pub mod rate_limit;
pub mod request_log;
