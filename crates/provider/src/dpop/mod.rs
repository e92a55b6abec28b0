//! DPoP (RFC 9449): tokens that only the holder of a key can use.
//!
//! [`proof`] parses and checks a proof made with a [`key`], without I/O;
//! [`nonce`] derives the server's nonces and [`replay`] remembers used proofs;
//! [`verifier`] combines them, and [`error`] says why it rejects a request.

pub(crate) mod error;
pub(crate) mod key;
pub(crate) mod nonce;
pub(crate) mod proof;
mod replay;
pub(crate) mod verifier;
