//! The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core
//! section 3.1.2): from the request over sign-in and consent to the code.

pub(crate) mod consent;
pub(crate) mod endpoint;
pub(crate) mod login;
mod next_step;
pub(crate) mod request;
mod response;
