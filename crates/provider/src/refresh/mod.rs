//! What happens when a client presents a refresh token.
//!
//! [`policy`] is the vocabulary in which providers differ and [`change`] a
//! change of it at run time; [`decision`] is the one pure function that
//! decides and gives a [`reason`], by what a token is worth ([`standing`]) and
//! when it ends ([`lifetime`]); [`present`] carries the decision out, and
//! [`successor`] makes the tokens that can be made again.

#[cfg(test)]
mod adversarial;
pub(crate) mod change;
pub(crate) mod decision;
pub(crate) mod lifetime;
pub(crate) mod policy;
pub(crate) mod present;
pub(crate) mod reason;
pub(crate) mod standing;
pub(crate) mod successor;
