//! The provider, as the refresh engine sees it.

use crate::grant::{Grant, TokenRequirement};
use async_trait::async_trait;
use confidant_protocol::{Outcome, Reuse};
use std::time::Duration;

/// The token endpoints of all providers.
#[async_trait]
pub trait TokenEndpoint: Send + Sync {
    /// Presents the grant's refresh token (RFC 6749, section 6).
    async fn refresh(
        &self,
        grant: &Grant,
        requirement: &TokenRequirement,
        deadline: Duration,
    ) -> Outcome;

    /// Returns what this provider does with a refresh token that it has seen
    /// before.
    fn reuse(&self, provider: &str) -> Reuse;
}
