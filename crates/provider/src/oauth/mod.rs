//! What several endpoints share: request parameters, scopes, PKCE, errors.

pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod parameters;
pub(crate) mod pkce;
pub(crate) mod scope;
