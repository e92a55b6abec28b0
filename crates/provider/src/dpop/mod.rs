//! DPoP (RFC 9449): tokens that are worth nothing without the client's key.
//!
//! [`proof`] reads and judges a proof by a [`key`], without I/O; [`nonce`]
//! makes the server's nonces and [`replay`] remembers the proofs that were
//! seen; [`check`] puts these together.

pub(crate) mod key;
pub(crate) mod nonce;
pub(crate) mod proof;
pub(crate) mod replay;
pub(crate) mod verify;
