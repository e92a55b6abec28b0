//! The page's side of a token-mediating backend (RFC 10017, section 6.2): the
//! server has the session and the refresh token, and issues access tokens to the
//! page.

mod cache;
mod client;

pub use client::{MediatedClient, TokenMediator};
