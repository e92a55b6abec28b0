//! What surrounds the library's and the application's routes.
//!
//! - [`request_log`]: one log line for each request, and the check of its target
//! - [`assets`]: scripts, WebAssembly, styles
//! - [`form_results`]: what a plain form of the demo's controls leads to

pub mod assets;
#[cfg(feature = "demo")]
pub mod form_results;
pub mod request_log;
