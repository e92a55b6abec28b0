//! The HTML pages. They use no script and one stylesheet.

pub(crate) mod assets;
pub(crate) mod consent;
pub(crate) mod decisions;
pub(crate) mod error_page;
pub(crate) mod layout;
pub(crate) mod login;
pub(crate) mod sign_out;
