//! The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core
//! section 3.1.2).
//!
//! [`request`] parses an authorization request and [`next_step`] decides what
//! it needs: [`login`], [`consent`], or a code, which [`code`] issues and
//! [`response`] sends. [`form`] checks the forms of the two pages.

mod code;
pub(crate) mod consent;
pub(crate) mod endpoint;
mod form;
pub(crate) mod login;
mod next_step;
mod pages;
mod rejection;
mod request;
mod response;
