//! What an access token opens: userinfo and the demo API.

pub(crate) mod api;
pub(crate) mod authorized_request;
pub(crate) mod rejection;
pub(crate) mod userinfo;
