//! Tokens: what a grant consists of, how it is stored, how old its token is.

pub(crate) mod age;
pub(crate) mod clock;
pub(crate) mod grant;
pub(crate) mod record;
pub(crate) mod stored_tokens;
