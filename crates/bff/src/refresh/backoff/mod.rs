//! Pauses before refreshes that would likely fail again.
//!
//! A failure holds back the grant that met it, and a refused scope or resource
//! only requests for the same. A provider is held back only once several
//! grants fail: then one probe passes at a time, and pauses grow from one probe
//! to the next.
//!
//! - `grant`: pauses of single grants
//! - `provider`: pauses of whole providers

mod grant;
mod provider;

use super::{decide::TokenError, outcome::Outcome};
use crate::{
    clock::millis,
    grant::{GrantId, TokenRequirement},
};
use confidant_wire::UnixMillis;
use grant::GrantPauses;
use provider::ProviderHealth;
use std::{collections::HashMap, time::Duration};

/// The first pause; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause that we choose ourselves.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest pause that a provider may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// A refresh that is to be sent, or was.
#[derive(Clone, Copy, Debug)]
pub struct Refresh<'a> {
    /// The provider's id.
    pub provider: &'a str,
    /// The grant whose refresh token it presents.
    pub grant: &'a GrantId,
    /// The scope and resource that it asks for.
    pub want: &'a TokenRequirement,
}

/// What is known of each provider's health, and of grants whose refreshes
/// fail.
#[derive(Debug, Default)]
pub struct Backoff {
    providers: HashMap<String, ProviderHealth>,
    grants: GrantPauses,
}

impl Backoff {
    /// Lets a request pass. Once a provider's pause is over, the first request
    /// passes as the probe, and the next pause begins.
    ///
    /// # Errors
    /// During a pause: [`Refusal::Unavailable`], or the refusal that the
    /// provider keeps repeating.
    pub fn admit(&mut self, refresh: Refresh<'_>, now: UnixMillis) -> Result<(), TokenError> {
        // The grant's own pause comes first: a request that it holds back must
        // not take the probe's place.
        self.grants.admit(refresh, now)?;
        match self.providers.get_mut(refresh.provider) {
            Some(health) => health.admit(refresh.grant, now),
            None => Ok(()),
        }
    }

    /// Records the outcome of a request that was admitted.
    pub fn note(&mut self, refresh: Refresh<'_>, outcome: &Outcome, now: UnixMillis) {
        self.grants.note(refresh, outcome, now);
        let (provider, grant) = (refresh.provider, refresh.grant);
        match outcome {
            // The provider has processed a request: it is well.
            Outcome::Success(_) | Outcome::Dead(_) | Outcome::RequestRefused(_) => {
                self.clear(provider);
            }
            Outcome::Transient { retry_after } => {
                self.health(provider).fail(grant, *retry_after, now);
            }
            Outcome::Ambiguous => self.health(provider).fail(grant, None, now),
            Outcome::RateLimited { retry_after } => {
                self.health(provider).limit(grant, *retry_after, now);
            }
            // These say nothing about the provider.
            Outcome::Misconfigured(_) | Outcome::LeaseExpired => {}
        }
    }

    /// Forgets this provider's failures.
    pub fn clear(&mut self, provider: &str) {
        self.providers.remove(provider);
    }

    fn health(&mut self, provider: &str) -> &mut ProviderHealth {
        self.providers.entry(provider.to_owned()).or_default()
    }
}

/// The length of the first, second, … pause in a row.
fn pause(number: u32) -> Duration {
    let doublings = number.saturating_sub(1).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

fn unavailable(until: UnixMillis, now: UnixMillis) -> TokenError {
    TokenError::Unavailable {
        retry_after: Duration::from_millis(until.saturating_sub(now)),
    }
}

/// The later of two times, of which one is this long after `now`.
fn later(until: UnixMillis, now: UnixMillis, pause: Duration) -> UnixMillis {
    until.max(now.saturating_add(millis(pause)))
}

#[cfg(test)]
mod tests;
