//! The pages that people see. No script, one stylesheet.

pub(crate) mod assets;
pub(crate) mod consent;
pub(crate) mod demo;
pub(crate) mod layout;
pub(crate) mod login;
pub(crate) mod problem;
pub(crate) mod sign_out;
