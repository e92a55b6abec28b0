//! The provider: its metadata, and their discovery.

pub(crate) mod discovery;
pub(crate) mod metadata;
