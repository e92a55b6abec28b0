//! Sign-ins at an OpenID provider that sends what real ones send, and worse.
//! The names begin with the number of the case.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod application;
mod callback;
mod id_token;
mod metadata;
mod parameters;
mod provider;
#[path = "../../src/provider/jose/testing.rs"]
#[allow(dead_code, reason = "the library's own tests use the rest")]
mod signer;
mod user;
