//! Refreshing the access token (RFC 6749, section 6).

pub(crate) mod cooldown;
pub(crate) mod decide;
pub(crate) mod refresher;
