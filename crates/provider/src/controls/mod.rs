//! Changing the provider while it runs, for demos and tests.
//!
//! [`settings`] is what can be set, [`act`] sets it, [`endpoints`] offer that
//! over HTTP to a [`caller`] on this machine, and [`presets`] are settings
//! with a name. [`worth`] sets nothing: it says what a token is worth.

pub(crate) mod act;
mod caller;
pub(crate) mod endpoints;
pub(crate) mod presets;
mod problem;
pub(crate) mod settings;
pub(crate) mod worth;
