//! The middleware around the routes of the library and the application.
//!
//! - [`request_log`]: logs each request and checks its target
//! - [`assets`]: serves scripts, WebAssembly and styles
//! - [`form_results`]: redirects after plain forms

pub mod assets;
pub mod form_results;
pub mod request_log;
