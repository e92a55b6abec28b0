//! The Leptos application: one menu for every kind of OAuth client.
//!
//! - `routes`: every path, once
//! - `pages`: the pages, as the server renders them; `document`: what is around them
//! - `islands`: the parts of a page that live in the browser
//! - `components`: what pages and islands are made of; they take plain values
//! - `actions`: what a user can do in an island, and the state that it changes
//! - `page_data`: what crosses from the server to an island
//! - `api`: the server functions
//! - `clients`: the client kinds, behind one trait
//! - `frontends`: which of them each frontend links
//! - `fault_panel`: the demo's controls over its provider
//! - `compare`: one scenario run with every kind, and measured
//! - `time`: times in words; `browser`: what only a browser can do
//!
//! The crate is built as Leptos users know it: with `ssr` for the server, with
//! `hydrate` for the browser. Two frontends link it, and each names the clients
//! that its WebAssembly holds ([`Frontend`]).

#![allow(
    unreachable_pub,
    reason = "the component macro makes every component's properties public"
)]

mod actions;
mod api;
mod browser;
mod clients;
mod compare;
mod components;
#[cfg(feature = "ssr")]
mod document;
mod fault_panel;
mod frontends;
mod islands;
mod page_data;
#[cfg(feature = "ssr")]
mod pages;
pub mod routes;
#[cfg(test)]
mod samples;
mod time;

pub use clients::{Frontend, link};
#[cfg(feature = "ssr")]
pub use document::{PageSettings, content_security_policy, problem_page, shell};
#[cfg(feature = "ssr")]
pub use fault_panel::provider_controls as faults;
pub use frontends::{BFF, EVERY_KIND};

/// Returns the script of the service worker kind, for pages of this origin; none
/// if no provider has a public client.
#[cfg(feature = "ssr")]
pub fn service_worker(
    providers: Vec<confidant_wire::ProviderView>,
    origin: &str,
) -> Option<String> {
    clients::service_worker(providers, origin)
}

/// Brings the islands of the page to life, with the clients of this frontend.
#[cfg(feature = "hydrate")]
pub fn hydrate(frontend: &'static Frontend) {
    link(frontend);
    leptos::mount::hydrate_islands();
}
