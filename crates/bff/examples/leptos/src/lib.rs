//! A one-page Leptos application with a backend for frontend, small enough to
//! copy.
//!
//! - `page`: the page, rendered on the server and hydrated in the browser
//! - `functions`: its server functions, which use the session and its token
//! - `csrf`: how the browser calls them
//! - `main.rs`: the server

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "Leptos's macros write public items without documentation"
)]

mod csrf;
mod functions;
mod page;

#[cfg(feature = "ssr")]
pub use functions::Backend;
#[cfg(feature = "ssr")]
pub use page::document;

/// Makes the server's page interactive.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(page::App);
}
