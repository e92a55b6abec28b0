//! Changing the provider while it runs, for demos and tests.

pub(crate) mod act;
pub(crate) mod settings;
