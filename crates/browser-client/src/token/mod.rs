//! Tokens: what is kept of a grant.

pub(crate) mod grant;
pub(crate) mod held;
pub(crate) mod stored;

pub(crate) use grant::Grant;
