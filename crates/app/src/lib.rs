//! The Leptos UI and the server functions.
//!
//! - `endpoint`: the HTTP interface, as server functions
//! - `client`: one menu, many clients
//! - `draw`: pages, drawn from what their client says
//! - `page`: which pages there are, and how one is shown
//! - `compare`: one scenario played in every kind, and measured
//! - `form`: plain HTML forms, which `desk` carries out where scripts run
//! - `countdown`: the one thing on a page that moves
//! - `faults`: what can be made to go wrong at the demo provider
//! - `problem`: a failure, told so that a person knows how to go on
//! - `frame`: the document, the routes, the live region
//! - `part`, `json`: markup and answers in one form for all, to keep small
//!   what the browser has to load
//! - `clock`: times as people read them; `browser`: what only a browser knows
//!
//! A page is drawn where its client keeps its tokens. For the backend for
//! frontend that is the server, so the browser neither has the data nor loads
//! the code: it puts drawn parts in their places and carries out forms.

#![allow(
    unreachable_pub,
    reason = "the component macro makes every component's properties public"
)]
#![cfg_attr(
    not(feature = "draw"),
    allow(dead_code, unused_imports, reason = "what draws is elsewhere then")
)]

mod browser;
mod client;
mod clock;
#[cfg(feature = "draw")]
mod compare;
mod countdown;
mod desk;
#[cfg(feature = "draw")]
mod draw;
mod endpoint;
#[cfg(feature = "ssr")]
pub mod faults;
mod form;
mod frame;
mod json;
mod page;
mod part;
mod problem;
#[cfg(test)]
mod sample;

pub use frame::App;
#[cfg(feature = "ssr")]
pub use frame::{PageSettings, content_security_policy, problem_page, shell};

/// Where the script of the service worker kind is to be served.
#[cfg(feature = "ssr")]
pub const SERVICE_WORKER: &str = client::SERVICE_WORKER;

/// That script, for pages of this origin; none where no provider has a public
/// client.
#[cfg(feature = "ssr")]
pub fn service_worker(
    providers: Vec<confidant_wire::ProviderView>,
    origin: &str,
) -> Option<String> {
    client::service_worker(providers, origin)
}

/// Whether there is a page at this path that needs the server's tokens, and is
/// led past the provider where that is the only way to them.
#[cfg(feature = "ssr")]
pub fn needs_tokens(path: &str) -> bool {
    let page = page::Page::at(path);
    page.is_some_and(|(kind, page)| kind.is_confidential() && page.needs_tokens())
}
