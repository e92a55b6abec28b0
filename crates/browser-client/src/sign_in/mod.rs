//! Signing in: the authorization code grant with PKCE (RFC 6749, section 4.1;
//! RFC 7636), as a redirect of the whole page.

pub(crate) mod attempts;
pub(crate) mod authorization_request;
pub(crate) mod authorization_response;
pub(crate) mod code_flow;
pub(crate) mod id_token;
pub(crate) mod pending;
pub(crate) mod pkce;
