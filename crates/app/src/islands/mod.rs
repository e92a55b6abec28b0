//! The islands: the parts of a page that live in the browser. Everything around
//! them is rendered by the server and stays as it is.

pub(crate) mod callback;
pub(crate) mod client_page;
pub(crate) mod comparison;
