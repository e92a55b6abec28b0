//! What an access token opens: userinfo and the demo API.

pub(crate) mod api;
pub(crate) mod bearer;
pub(crate) mod userinfo;
