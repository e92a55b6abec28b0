//! The Leptos UI and the server functions.
//!
//! - `endpoint`: the HTTP interface, as server functions
//! - `client`: one menu, many clients
//! - `page`: the pages, put together from components
//! - `sign_in`: the form that begins a sign-in, the page that finishes it
//! - `token`: the token view, and what a refresh changed
//! - `log`: what travelled, as a diagram and as a list
//! - `problem`: a failure, told so that a person knows how to go on
//! - `desk`: where a person's deeds are carried out
//! - `frame`: the document, the header, the routes
//! - `clock`, `text`: values as words; `browser`: what only a browser knows

#![allow(
    unreachable_pub,
    reason = "the component macro makes every component's properties public"
)]

mod browser;
mod client;
mod clock;
mod desk;
mod endpoint;
mod frame;
mod log;
mod page;
mod problem;
#[cfg(test)]
mod sample;
mod sign_in;
mod text;
mod token;

pub use frame::App;
#[cfg(feature = "ssr")]
pub use frame::{PageSettings, content_security_policy, problem_page, shell};
