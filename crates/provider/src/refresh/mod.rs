//! What happens when a client presents a refresh token.
//!
//! [`decision`] is the one pure function that decides and gives a [`reason`],
//! by the [`rotation_status`] of the token and its [`expiry`]; [`exchange`]
//! carries the decision out, and [`successor`] makes the tokens that can be
//! made again.

pub(crate) mod decision;
pub(crate) mod exchange;
pub(crate) mod expiry;
pub(crate) mod reason;
pub(crate) mod rotation_status;
pub(crate) mod successor;
#[cfg(test)]
mod tests;
