//! The browser in front of the provider's pages: its cookies, its forms, and
//! their protection against CSRF.

pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod form;
