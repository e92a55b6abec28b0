//! The resources that an access token gives access to: userinfo and the demo
//! API.

pub(crate) mod api;
mod authorized_request;
mod rejection;
pub(crate) mod userinfo;
