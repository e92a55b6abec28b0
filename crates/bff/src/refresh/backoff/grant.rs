//! Grants whose refreshes keep failing.

use super::{LONGEST_ASKED, Refresh, later, pause, unavailable};
use crate::{
    grant::{GrantId, TokenRequirement},
    refresh::{decide::TokenError, outcome::Outcome},
};
use confidant_wire::UnixMillis;
use std::{collections::HashMap, time::Duration};

/// How many refreshes in a row have to fail before the grant is held back.
const PATIENCE: u32 = 3;
/// How many grants are remembered.
const MOST_GRANTS: usize = 4096;
/// How many refused scopes and resources of one grant are remembered.
const MOST_REFUSED: usize = 8;

/// The grants whose last refresh failed.
#[derive(Debug, Default)]
pub(super) struct GrantPauses(HashMap<GrantId, GrantPause>);

#[derive(Debug, Default)]
struct GrantPause {
    /// For every refresh of the grant.
    all: Pause,
    /// For single scopes and resources that the provider refuses.
    refused: Vec<(TokenRequirement, Pause)>,
}

#[derive(Debug, Default)]
struct Pause {
    failures: u32,
    until: UnixMillis,
    /// What the provider answers each time, where that is a refusal.
    token_error: Option<TokenError>,
}

impl GrantPauses {
    pub(super) fn admit(&self, refresh: Refresh<'_>, now: UnixMillis) -> Result<(), TokenError> {
        let Some(grant) = self.0.get(refresh.grant) else {
            return Ok(());
        };
        grant.all.admit(now)?;
        let mut refused = grant.refused.iter();
        match refused.find(|(want, _)| want == refresh.want) {
            Some((_, pause)) => pause.admit(now),
            None => Ok(()),
        }
    }

    pub(super) fn note(&mut self, refresh: Refresh<'_>, outcome: &Outcome, now: UnixMillis) {
        match outcome {
            Outcome::Success(_) => {
                if let Some(grant) = self.0.get_mut(refresh.grant) {
                    grant.all = Pause::default();
                    grant.refused.retain(|(want, _)| want != refresh.want);
                    if grant.refused.is_empty() {
                        self.0.remove(refresh.grant);
                    }
                }
            }
            Outcome::Dead(_) => {
                self.0.remove(refresh.grant);
            }
            Outcome::RequestRefused(error) => {
                let token_error = TokenError::RequestRefused(error.clone());
                let grant = self.entry(refresh.grant);
                grant.of(refresh.want).fail(None, Some(token_error), now);
            }
            Outcome::Misconfigured(error) => {
                let token_error = TokenError::Misconfigured(error.clone());
                self.entry(refresh.grant)
                    .all
                    .fail(None, Some(token_error), now);
            }
            Outcome::RateLimited { retry_after } => {
                self.entry(refresh.grant).all.fail(*retry_after, None, now);
            }
            Outcome::Transient { .. } | Outcome::Ambiguous => {
                self.entry(refresh.grant).all.fail(None, None, now);
            }
            Outcome::LeaseExpired => {}
        }
    }

    /// Returns the entry of a grant. Where there are too many, the one whose
    /// pause ends first makes room.
    fn entry(&mut self, grant: &GrantId) -> &mut GrantPause {
        if self.0.len() >= MOST_GRANTS && !self.0.contains_key(grant) {
            let first = self.0.iter().min_by_key(|(_, entry)| entry.until());
            if let Some(first) = first.map(|(id, _)| id.clone()) {
                self.0.remove(&first);
            }
        }
        self.0.entry(grant.clone()).or_default()
    }
}

impl GrantPause {
    /// Returns the pause for one scope and resource, making room as above.
    fn of(&mut self, want: &TokenRequirement) -> &mut Pause {
        let known = self.refused.iter().position(|(other, _)| other == want);
        let index = known.unwrap_or_else(|| {
            if self.refused.len() >= MOST_REFUSED {
                let pauses = self.refused.iter().enumerate();
                let first = pauses.min_by_key(|(_, (_, pause))| pause.until);
                if let Some((index, _)) = first {
                    self.refused.swap_remove(index);
                }
            }
            self.refused.push((want.clone(), Pause::default()));
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
        Err(match &self.token_error {
            Some(token_error) => token_error.clone(),
            None => unavailable(self.until, now),
        })
    }

    fn fail(&mut self, asked: Option<Duration>, token_error: Option<TokenError>, now: UnixMillis) {
        self.failures = self.failures.saturating_add(1);
        self.token_error = token_error;
        let number = (self.failures + 1).saturating_sub(PATIENCE);
        let ours = if number > 0 {
            pause(number)
        } else {
            Duration::ZERO
        };
        let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
        self.until = later(self.until, now, ours.max(asked));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_so_many_grants_and_requests_are_remembered() {
        let mut pauses = GrantPauses::default();
        let id = |number: usize| GrantId(number.to_string());
        let limited = Outcome::RateLimited {
            retry_after: Some(Duration::from_secs(10)),
        };
        for number in 0..MOST_GRANTS + 10 {
            let refresh = Refresh {
                provider: "p",
                grant: &id(number),
                want: &TokenRequirement::default(),
            };
            pauses.note(refresh, &limited, number as u64);
        }
        assert_eq!(pauses.0.len(), MOST_GRANTS);
        assert!(!pauses.0.contains_key(&id(9)) && pauses.0.contains_key(&id(10)));
        for number in 0..MOST_REFUSED + 10 {
            let refresh = Refresh {
                provider: "p",
                grant: &id(10),
                want: &TokenRequirement {
                    resource: Some(number.to_string()),
                    scope: None,
                },
            };
            pauses.note(
                refresh,
                &Outcome::RequestRefused("invalid_target".into()),
                0,
            );
        }
        assert_eq!(pauses.0[&id(10)].refused.len(), MOST_REFUSED);
    }
}
