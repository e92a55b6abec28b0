//! Pauses before refreshes that would likely fail again.
//!
//! A failed refresh pauses its grant; a refused scope or resource pauses only
//! requests for the same. A provider is paused only after several grants
//! failed: then one probe passes at a time, and the pauses grow from one probe
//! to the next.
//!
//! - `grant`: pauses of single grants
//! - `provider`: pauses of whole providers
//! - `pause`: the lengths of pauses; `request`: what is paused

mod grant;
mod pause;
mod provider;
mod request;

pub use request::RefreshRequest;

use super::{error::TokenError, outcome::RefreshOutcome};
use confidant_protocol::Outcome;
use confidant_wire::UnixMillis;
use grant::GrantPauses;
use provider::ProviderHealth;
use std::collections::HashMap;

/// The health of each provider, and the grants whose refreshes fail.
#[derive(Debug, Default)]
pub struct Backoff {
    providers: HashMap<String, ProviderHealth>,
    grants: GrantPauses,
}

impl Backoff {
    /// Admits a request outside a pause. After a provider's pause, the first
    /// request passes as the probe, and the next pause begins.
    ///
    /// # Errors
    /// During a pause: [`TokenError::Unavailable`], or the provider's repeated
    /// refusal.
    pub fn admit(
        &mut self,
        request: RefreshRequest<'_>,
        now: UnixMillis,
    ) -> Result<(), TokenError> {
        // The grant's own pause comes first: a request that it holds back must
        // not count as the probe.
        self.grants.admit(request, now)?;
        match self.providers.get_mut(request.provider) {
            Some(health) => health.admit(request.grant, now),
            None => Ok(()),
        }
    }

    /// Records the outcome of a request that was admitted.
    pub fn record(
        &mut self,
        request: RefreshRequest<'_>,
        outcome: &RefreshOutcome,
        now: UnixMillis,
    ) {
        let RefreshOutcome::Request(outcome) = outcome else {
            return;
        };
        self.grants.record(request, outcome, now);
        let (provider, grant) = (request.provider, request.grant);
        match outcome {
            // The provider has processed a request, so it is well.
            Outcome::Success(_) | Outcome::Dead(_) | Outcome::RequestRefused(_) => {
                self.clear(provider);
            }
            Outcome::Transient { retry_after } => {
                self.health(provider)
                    .record_failure(grant, *retry_after, now);
            }
            Outcome::Ambiguous(_) => self.health(provider).record_failure(grant, None, now),
            Outcome::RateLimited { retry_after } => {
                self.health(provider)
                    .record_rate_limit(grant, *retry_after, now);
            }
            // It says nothing about the provider's health.
            Outcome::Misconfigured(_) => {}
        }
    }

    /// Removes this provider's failures.
    pub fn clear(&mut self, provider: &str) {
        self.providers.remove(provider);
    }

    fn health(&mut self, provider: &str) -> &mut ProviderHealth {
        self.providers.entry(provider.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests;
