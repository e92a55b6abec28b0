//! How one provider differs from another where the standards leave it open, as
//! data.
//!
//! - `profile`: what a profile consists of
//! - `client_authentication`, `calls`, `endpoints`: the values of its fields
//! - `presets`: the profile of each known provider

mod calls;
mod client_authentication;
mod endpoints;
mod presets;
mod profile;

pub use calls::{RevocationStyle, TokenValidation, Userinfo};
pub use client_authentication::ClientAuthentication;
pub use endpoints::ProfileEndpoints;
pub use profile::{ProviderProfile, RefreshGrant};
