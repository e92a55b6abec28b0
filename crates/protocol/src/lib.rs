#![doc = include_str!("../README.md")]

pub mod authorization_response;
pub mod id_token;
pub mod log_text;
pub mod loopback;
pub mod provider_profile;
pub mod redaction;
pub mod refresh_policy;
pub mod return_to;
mod reuse;
pub mod token_error;
pub mod token_outcome;
pub mod token_response;

#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub mod cases;

pub use authorization_response::{AuthorizationCode, AuthorizationError, AuthorizationResponse};
pub use provider_profile::ProviderProfile;
pub use return_to::{InvalidReturnTo, ReturnTo};
pub use reuse::Reuse;
pub use token_outcome::{Ambiguity, Outcome};
pub use token_response::TokenResponse;
