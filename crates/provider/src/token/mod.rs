//! The token endpoint: codes and refresh tokens in, tokens out.

mod authorization_code_grant;
pub(crate) mod client_authentication;
pub(crate) mod endpoint;
pub(crate) mod pkce;
mod refresh_grant;
mod response;
