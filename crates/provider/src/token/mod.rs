//! The token endpoint (RFC 6749 section 3.2).
//!
//! [`endpoint`] authenticates the client and verifies its DPoP proof, then
//! dispatches to [`authorization_code_grant`] or [`refresh_grant`].

mod authorization_code_grant;
pub(crate) mod endpoint;
mod id_token;
mod issue_context;
mod refresh_grant;
mod response;
