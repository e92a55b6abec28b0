//! What travelled lately, for people to see: bounded, and without secrets.

pub(crate) mod exchange;
pub(crate) mod journal;
