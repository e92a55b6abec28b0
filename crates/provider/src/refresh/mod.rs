//! What happens when a client presents a refresh token.
//!
//! [`policy`] is the vocabulary in which providers differ, [`decision`] the
//! one pure function that decides, [`lifetime`] when a refresh token ends.

pub(crate) mod decision;
pub(crate) mod lifetime;
pub(crate) mod policy;
