//! Providers: their endpoints, and the requests that the library sends to them.
//!
//! - `client`: the configured providers; `metadata`: their endpoints and keys
//! - `token_endpoint`: code exchange and refresh
//! - `identity`: the user who signed in
//! - `calls`: userinfo, token validation; `revocation`: token revocation
//! - `list`: the list of providers for pages; `csp_origins`: what a content security policy
//!   must allow
//! - `context`: the deadline of a request

mod calls;
mod client;
mod context;
pub(crate) mod csp_origins;
pub(crate) mod identity;
pub(crate) mod list;
mod metadata;
mod revocation;
mod token_endpoint;

pub use calls::CallError;
pub use client::UnknownProfile;
pub(crate) use client::{ProviderClient, Providers};
pub(crate) use metadata::Metadata;
pub use metadata::MetadataError;
pub(crate) use revocation::RevocationOutcome;
