//! What pages and islands are made of. A component takes plain values.
//!
//! Texts stand in braces wherever the browser may build the element: Leptos
//! creates elements of constant markup from HTML text, and the pages' policy
//! (Trusted Types) forbids that.

pub(crate) mod back_to_menu;
#[cfg(feature = "ssr")]
pub(crate) mod bar;
pub(crate) mod claims;
pub(crate) mod countdown;
pub(crate) mod exchange_log;
pub(crate) mod forms;
pub(crate) mod loading;
#[cfg(feature = "ssr")]
pub(crate) mod mark;
pub(crate) mod menu;
pub(crate) mod outcome;
pub(crate) mod problem;
pub(crate) mod sign_in_first;
pub(crate) mod token;
pub(crate) mod token_change;
pub(crate) mod tone;
pub(crate) mod wording;
