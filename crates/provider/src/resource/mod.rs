//! What an access token opens: userinfo and the demo API.

pub(crate) mod access;
pub(crate) mod api;
pub(crate) mod refusal;
pub(crate) mod userinfo;
