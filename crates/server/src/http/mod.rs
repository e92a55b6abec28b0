//! What surrounds the library's and the application's routes.
//!
//! - [`request_log`]: one log line for each request, and the check of its target
//! - [`assets`]: scripts, WebAssembly, styles
//! - [`form_results`]: where plain forms lead

pub mod assets;
pub mod form_results;
pub mod request_log;
