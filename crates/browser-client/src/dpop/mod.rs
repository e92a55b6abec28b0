//! Demonstrating proof of possession (RFC 9449): tokens that are useless
//! without a key that cannot leave this browser.

pub(crate) mod nonces;
pub(crate) mod proof;
pub(crate) mod transport;
