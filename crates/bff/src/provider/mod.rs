//! Providers: their endpoints, and the requests that the library sends to them.
//!
//! - `client`: the configured providers
//! - `metadata`: what they say of themselves; `fetch`, `live_document`: how their
//!   documents are fetched and kept
//! - `jose`: signatures and keys
//! - `token_endpoint`: code exchange and refresh
//! - `identity`: the user who signed in
//! - `identifying_claims`: the user in a userinfo response of another kind
//! - `userinfo`: the user's claims; `calls`: token validation; `revocation`: token
//!   revocation; `revocation_styles`: revocation at providers without RFC 7009
//! - `refusal`: the provider's words when it refuses a request
//! - `list`: the list of providers for pages; `csp_origins`: what a content security policy
//!   must allow
//! - `context`: the deadline of a request

mod calls;
mod client;
mod context;
pub(crate) mod csp_origins;
mod fetch;
pub(crate) mod identifying_claims;
pub(crate) mod identity;
mod jose;
pub(crate) mod list;
mod live_document;
mod metadata;
mod refusal;
mod revocation;
mod revocation_styles;
mod token_endpoint;
mod userinfo;

pub use calls::CallError;
pub use client::UnknownProfile;
pub(crate) use client::{ProviderClient, Providers};
pub(crate) use metadata::Metadata;
pub use metadata::MetadataError;
pub(crate) use revocation::{RevocableToken, RevocationOutcome};
