//! Why there is no access token.

use crate::store::StoreError;
use confidant_protocol::refresh_policy::Refusal;
use std::time::Duration;

/// Why there is no access token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is no such grant.
    #[error("no such grant")]
    Gone,
    /// The provider no longer honours the grant; its error code.
    #[error("the provider no longer honours the grant: {0}")]
    Dead(String),
    /// The refresh token must not be presented again; a new authorization
    /// request is needed.
    #[error("the response to the last refresh was lost, and the refresh token may be spent")]
    Reauthorize,
    /// The access token has expired, and the provider issued no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
    /// The provider refuses the client; its error code.
    #[error("the provider refuses this client: {0}")]
    Misconfigured(String),
    /// The provider refuses the scope or resource; its error code.
    #[error("the provider issues no token for this scope or resource: {0}")]
    RequestRefused(String),
    /// The provider cannot be reached, or is busy.
    #[error("the provider does not respond")]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
    },
    /// The stored grant cannot be decrypted with the available keys.
    #[error("the stored grant cannot be decrypted")]
    Unreadable,
    /// The database does not respond.
    #[error("the store does not respond")]
    Store,
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Store,
            StoreError::Decrypt(_) => Self::Unreadable,
        }
    }
}

impl From<Refusal> for TokenError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoRefreshToken => Self::NoRefreshToken,
            Refusal::Reauthorize => Self::Reauthorize,
        }
    }
}
