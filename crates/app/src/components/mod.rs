//! What pages and islands are made of. A component takes plain values.
//!
//! Texts stand in braces wherever the browser may build the element: Leptos
//! creates elements of constant markup from HTML text, and the pages' policy
//! (Trusted Types) forbids that.

pub(crate) mod account;
pub(crate) mod action_menu;
pub(crate) mod back_to_menu;
pub(crate) mod claims;
pub(crate) mod countdown;
pub(crate) mod exchange_log;
pub(crate) mod forms;
#[cfg(feature = "ssr")]
pub(crate) mod header_bar;
pub(crate) mod loading;
#[cfg(feature = "ssr")]
pub(crate) mod mark;
pub(crate) mod outcome;
pub(crate) mod problem;
pub(crate) mod sign_in_first;
#[cfg(feature = "ssr")]
pub(crate) mod signed_out;
pub(crate) mod token;
pub(crate) mod token_change;
pub(crate) mod tone;
pub(crate) mod wording;
