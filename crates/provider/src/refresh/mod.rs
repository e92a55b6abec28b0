//! The decision what happens to a refresh token that a client presents.
//!
//! [`decision`] is the pure function that decides, for a [`reason`] that it
//! names, from the [`rotation_status`] of the token and its [`expiry`].
//! [`successor`] derives refresh tokens that can be issued again.

pub(crate) mod decision;
pub(crate) mod expiry;
pub(crate) mod reason;
pub(crate) mod rotation_status;
pub(crate) mod successor;
#[cfg(test)]
mod tests;
