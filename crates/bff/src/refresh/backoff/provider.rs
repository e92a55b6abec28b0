//! The health of one provider.

use super::pause::{self, LONGEST, LONGEST_REQUESTED};
use crate::{clock::millis, grant::GrantId, refresh::error::TokenError};
use confidant_wire::UnixMillis;
use std::time::Duration;

/// The number of failing grants after which the provider is paused. With fewer,
/// the failures of one user would affect all users.
const MAX_FAILURES: usize = 3;
/// The time within which several rate limits concern the provider.
const WINDOW: Duration = Duration::from_secs(10);

/// The health of a provider that did not process its last request.
#[derive(Debug, Default)]
pub(super) struct ProviderHealth {
    /// The grants that failed since the provider last processed a request; at
    /// most [`MAX_FAILURES`].
    failed: Vec<GrantId>,
    /// The grants that were rate limited within the [`WINDOW`], and when; at
    /// most [`MAX_FAILURES`].
    limited: Vec<(GrantId, UnixMillis)>,
    /// The number of pauses in a row that this client chose.
    pauses: u32,
    /// When the current pause ends.
    until: UnixMillis,
    /// The grant whose request is the current probe.
    probe: Option<GrantId>,
    /// The grant whose probe failed last.
    failed_probe: Option<GrantId>,
}

impl ProviderHealth {
    /// Admits a request outside a pause. While the provider counts as down, the
    /// request is the probe.
    pub(super) fn admit(&mut self, grant: &GrantId, now: UnixMillis) -> Result<(), TokenError> {
        if now < self.until {
            return Err(pause::unavailable(self.until, now));
        }
        if self.pauses > 0 {
            self.until = now.saturating_add(millis(pause::length(self.pauses)));
            self.probe = Some(grant.clone());
        }
        Ok(())
    }

    /// Records a failure of the provider, and the pause that it requested.
    pub(super) fn record_failure(
        &mut self,
        grant: &GrantId,
        requested: Option<Duration>,
        now: UnixMillis,
    ) {
        if self.pauses > 0 {
            self.end_probe(grant, now);
        } else {
            if !self.failed.contains(grant) {
                self.failed.push(grant.clone());
            }
            if self.failed.len() >= MAX_FAILURES {
                self.begin_pauses(now);
            }
        }
        if let Some(requested) = requested {
            self.until = pause::extend(self.until, now, requested.min(LONGEST_REQUESTED));
        }
    }

    /// Records a rate limit. It concerns the grant alone, until several grants
    /// are rate limited.
    pub(super) fn record_rate_limit(
        &mut self,
        grant: &GrantId,
        requested: Option<Duration>,
        now: UnixMillis,
    ) {
        let concerns_provider = if self.pauses > 0 {
            self.end_probe(grant, now)
        } else {
            self.limited
                .retain(|(other, at)| other != grant && now.saturating_sub(*at) < millis(WINDOW));
            self.limited.push((grant.clone(), now));
            let several = self.limited.len() >= MAX_FAILURES;
            if several {
                self.begin_pauses(now);
            }
            several
        };
        if concerns_provider && let Some(requested) = requested {
            // The limits may be those of one user with several sessions, so a
            // probe passes sooner than for a provider that is down.
            self.until = pause::extend(self.until, now, requested.min(LONGEST));
        }
    }

    fn begin_pauses(&mut self, now: UnixMillis) {
        self.pauses = 1;
        self.until = pause::extend(self.until, now, pause::length(1));
        self.failed.clear();
        self.limited.clear();
    }

    /// Records that the current probe failed, and returns whether this grant's
    /// request was the probe. A request that was sent before the pause began
    /// does not lengthen it. Nor does a grant whose probes keep failing: it has
    /// a pause of its own, and another grant should probe soon.
    fn end_probe(&mut self, grant: &GrantId, now: UnixMillis) -> bool {
        if self.probe.as_ref() != Some(grant) {
            return false;
        }
        if self.failed_probe != self.probe {
            self.pauses = self.pauses.saturating_add(1);
        }
        self.failed_probe = self.probe.take();
        self.until = pause::extend(self.until, now, pause::length(self.pauses));
        true
    }
}
