//! What is known of the provider.

pub(crate) mod metadata;
pub(crate) use metadata::Metadata;
