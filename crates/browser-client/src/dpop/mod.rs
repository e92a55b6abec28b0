//! Demonstrating proof of possession (RFC 9449): tokens that are no use
//! without a key which cannot leave this browser.

pub(crate) mod key;
pub(crate) mod nonces;
pub(crate) mod proof;

pub use key::PublicKey;
