//! Grants whose refreshes keep failing.

use super::{
    pause::{self, LONGEST_REQUESTED},
    request::RefreshRequest,
};
use crate::{
    grant::{GrantId, TokenRequirement},
    refresh::error::TokenError,
};
use confidant_protocol::Outcome;
use confidant_wire::UnixMillis;
use std::{collections::HashMap, time::Duration};

/// The number of failures in a row after which the grant is paused.
const MAX_FAILURES: u32 = 3;
/// The number of grants kept.
const MAX_GRANTS: usize = 4096;
/// The number of refused scopes and resources kept for each grant.
const MAX_REFUSED: usize = 8;

/// The grants whose last refresh failed.
#[derive(Debug, Default)]
pub(super) struct GrantPauses(HashMap<GrantId, GrantPause>);

#[derive(Debug, Default)]
struct GrantPause {
    /// Applies to every refresh of the grant.
    all: Pause,
    /// Apply to single scopes and resources that the provider refuses.
    refused: Vec<(TokenRequirement, Pause)>,
}

#[derive(Debug, Default)]
struct Pause {
    failures: u32,
    until: UnixMillis,
    /// The provider's repeated refusal, if the failures are refusals.
    refusal: Option<TokenError>,
}

impl GrantPauses {
    pub(super) fn admit(
        &self,
        request: RefreshRequest<'_>,
        now: UnixMillis,
    ) -> Result<(), TokenError> {
        let Some(grant) = self.0.get(request.grant) else {
            return Ok(());
        };
        grant.all.admit(now)?;
        let mut refused = grant.refused.iter();
        match refused.find(|(requirement, _)| requirement == request.requirement) {
            Some((_, pause)) => pause.admit(now),
            None => Ok(()),
        }
    }

    pub(super) fn record(
        &mut self,
        request: RefreshRequest<'_>,
        outcome: &Outcome,
        now: UnixMillis,
    ) {
        match outcome {
            Outcome::Success(_) => {
                if let Some(grant) = self.0.get_mut(request.grant) {
                    grant.all = Pause::default();
                    grant
                        .refused
                        .retain(|(requirement, _)| requirement != request.requirement);
                    if grant.refused.is_empty() {
                        self.0.remove(request.grant);
                    }
                }
            }
            Outcome::Dead(_) => {
                self.0.remove(request.grant);
            }
            Outcome::RequestRefused(error) => {
                let refusal = TokenError::RequestRefused(error.clone());
                let grant = self.entry(request.grant);
                grant
                    .pause_of(request.requirement)
                    .record_failure(None, Some(refusal), now);
            }
            Outcome::Misconfigured(error) => {
                let refusal = TokenError::Misconfigured(error.clone());
                self.entry(request.grant)
                    .all
                    .record_failure(None, Some(refusal), now);
            }
            Outcome::RateLimited { retry_after } => {
                self.entry(request.grant)
                    .all
                    .record_failure(*retry_after, None, now);
            }
            Outcome::Transient { .. } | Outcome::Ambiguous(_) => {
                self.entry(request.grant)
                    .all
                    .record_failure(None, None, now);
            }
        }
    }

    /// Returns the entry of a grant. If there are too many, removes the one whose
    /// pause ends first.
    fn entry(&mut self, grant: &GrantId) -> &mut GrantPause {
        if self.0.len() >= MAX_GRANTS && !self.0.contains_key(grant) {
            let first = self.0.iter().min_by_key(|(_, entry)| entry.until());
            if let Some(first) = first.map(|(id, _)| id.clone()) {
                self.0.remove(&first);
            }
        }
        self.0.entry(grant.clone()).or_default()
    }
}

impl GrantPause {
    /// Returns the pause for one scope and resource. If there are too many,
    /// removes the one that ends first.
    fn pause_of(&mut self, requirement: &TokenRequirement) -> &mut Pause {
        let existing = self
            .refused
            .iter()
            .position(|(other, _)| other == requirement);
        let index = existing.unwrap_or_else(|| {
            if self.refused.len() >= MAX_REFUSED {
                let pauses = self.refused.iter().enumerate();
                let first = pauses.min_by_key(|(_, (_, pause))| pause.until);
                if let Some((index, _)) = first {
                    self.refused.swap_remove(index);
                }
            }
            self.refused.push((requirement.clone(), Pause::default()));
            self.refused.len() - 1
        });
        &mut self.refused[index].1
    }

    fn until(&self) -> UnixMillis {
        let refused = self.refused.iter().map(|(_, pause)| pause.until);
        refused.fold(self.all.until, UnixMillis::max)
    }
}

impl Pause {
    fn admit(&self, now: UnixMillis) -> Result<(), TokenError> {
        if now >= self.until {
            return Ok(());
        }
        Err(match &self.refusal {
            Some(refusal) => refusal.clone(),
            None => pause::unavailable(self.until, now),
        })
    }

    fn record_failure(
        &mut self,
        requested: Option<Duration>,
        refusal: Option<TokenError>,
        now: UnixMillis,
    ) {
        self.failures = self.failures.saturating_add(1);
        self.refusal = refusal;
        let number = (self.failures + 1).saturating_sub(MAX_FAILURES);
        let chosen = if number > 0 {
            pause::length(number)
        } else {
            Duration::ZERO
        };
        let requested = requested.unwrap_or_default().min(LONGEST_REQUESTED);
        self.until = pause::extend(self.until, now, chosen.max(requested));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_grants_and_of_refused_requests_are_bounded() {
        let mut pauses = GrantPauses::default();
        let id = |number: usize| GrantId(number.to_string());
        let limited = Outcome::RateLimited {
            retry_after: Some(Duration::from_secs(10)),
        };
        for number in 0..MAX_GRANTS + 10 {
            let request = RefreshRequest {
                provider: "p",
                grant: &id(number),
                requirement: &TokenRequirement::default(),
            };
            pauses.record(request, &limited, number as u64);
        }
        assert_eq!(pauses.0.len(), MAX_GRANTS);
        assert!(!pauses.0.contains_key(&id(9)) && pauses.0.contains_key(&id(10)));
        for number in 0..MAX_REFUSED + 10 {
            let request = RefreshRequest {
                provider: "p",
                grant: &id(10),
                requirement: &TokenRequirement {
                    resource: Some(number.to_string()),
                    scope: None,
                },
            };
            pauses.record(
                request,
                &Outcome::RequestRefused("invalid_target".into()),
                0,
            );
        }
        assert_eq!(pauses.0[&id(10)].refused.len(), MAX_REFUSED);
    }
}
