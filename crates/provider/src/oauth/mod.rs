//! What all endpoints have in common: parameters, scopes, errors.

pub(crate) mod error;
pub(crate) mod parameters;
pub(crate) mod scope;
