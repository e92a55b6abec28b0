//! What a session's endpoints do, one file for each.
//!
//! - [`session_view`]: whether the user is signed in
//! - [`token`]: the token view, refresh and expiry
//! - [`userinfo`], [`validate`]: what the provider says of the user and of the token
//! - [`mediated`]: access tokens for pages
//! - [`logout`]: the end of a session
//! - [`silent_reauthentication`]: new tokens without a question to the user

pub(crate) mod logout;
pub(crate) mod mediated;
pub(crate) mod session_view;
pub(crate) mod silent_reauthentication;
pub(crate) mod token;
pub(crate) mod userinfo;
pub(crate) mod validate;
