//! The token endpoint: codes and refresh tokens in, tokens out.

mod answer;
pub(crate) mod client_authentication;
mod code_grant;
pub(crate) mod endpoint;
pub(crate) mod pkce;
mod refresh_grant;
