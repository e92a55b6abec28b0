//! Signed tokens (JWS, RFC 7515) and the keys that verify them (JWK, RFC 7517).
//! The signatures themselves are verified by `aws-lc-rs`, which TLS uses, too.
//!
//! - `algorithm`: the signature algorithms
//! - `key_set`: a provider's keys
//! - `jws`: the compact serialization

mod algorithm;
mod jws;
mod key_set;

pub(crate) use algorithm::left_half_of_hash;
pub(crate) use jws::{Jws, SignatureError};
pub(crate) use key_set::KeySet;

#[cfg(test)]
pub(crate) mod testing;
