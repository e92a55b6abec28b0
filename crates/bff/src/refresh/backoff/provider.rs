//! The health of one provider.

use super::{LONGEST, LONGEST_ASKED, later, pause, unavailable};
use crate::{clock::millis, grant::GrantId, refresh::decide::TokenError};
use confidant_wire::UnixMillis;
use std::time::Duration;

/// How many grants have to fail before the provider is held back. Fewer would
/// make one user's trouble everybody's.
const PATIENCE: usize = 3;
/// How close together rate limits have to be to concern the provider.
const WINDOW: Duration = Duration::from_secs(10);

/// What is known of a provider that did not process its last request.
#[derive(Debug, Default)]
pub(super) struct ProviderHealth {
    /// The grants that failed since it last processed a request; no more than
    /// [`PATIENCE`].
    failed: Vec<GrantId>,
    /// The grants that met a rate limit within the [`WINDOW`], and when; no
    /// more than [`PATIENCE`].
    limited: Vec<(GrantId, UnixMillis)>,
    /// How many pauses of our own there were in a row.
    pauses: u32,
    /// When the current pause ends.
    until: UnixMillis,
    /// The grant whose request is the current probe.
    probe: Option<GrantId>,
    /// The grant whose probe failed last.
    failed_probe: Option<GrantId>,
}

impl ProviderHealth {
    /// Lets a request pass outside a pause. While the provider counts as down
    /// this is the probe.
    pub(super) fn admit(&mut self, grant: &GrantId, now: UnixMillis) -> Result<(), TokenError> {
        if now < self.until {
            return Err(unavailable(self.until, now));
        }
        if self.pauses > 0 {
            self.until = now.saturating_add(millis(pause(self.pauses)));
            self.probe = Some(grant.clone());
        }
        Ok(())
    }

    /// Records a failure of the provider, and the pause that it asked for.
    pub(super) fn fail(&mut self, grant: &GrantId, asked: Option<Duration>, now: UnixMillis) {
        if self.pauses > 0 {
            self.end_probe(grant, now);
        } else {
            if !self.failed.contains(grant) {
                self.failed.push(grant.clone());
            }
            if self.failed.len() >= PATIENCE {
                self.begin_pauses(now);
            }
        }
        if let Some(asked) = asked {
            self.until = later(self.until, now, asked.min(LONGEST_ASKED));
        }
    }

    /// Records a rate limit. It concerns the grant, until several meet it.
    pub(super) fn limit(&mut self, grant: &GrantId, asked: Option<Duration>, now: UnixMillis) {
        let concerns_provider = if self.pauses > 0 {
            self.end_probe(grant, now)
        } else {
            self.limited
                .retain(|(other, at)| other != grant && now.saturating_sub(*at) < millis(WINDOW));
            self.limited.push((grant.clone(), now));
            let several = self.limited.len() >= PATIENCE;
            if several {
                self.begin_pauses(now);
            }
            several
        };
        if concerns_provider && let Some(asked) = asked {
            // The limits may be those of one user with several sessions, so a
            // probe passes sooner than for a provider that is down.
            self.until = later(self.until, now, asked.min(LONGEST));
        }
    }

    fn begin_pauses(&mut self, now: UnixMillis) {
        self.pauses = 1;
        self.until = later(self.until, now, pause(1));
        self.failed.clear();
        self.limited.clear();
    }

    /// Records that the current probe failed, and returns whether this grant's
    /// request was the probe. Requests that were sent before the pause began
    /// do not lengthen it. Nor does one grant whose probes keep failing: it
    /// has a pause of its own, and others are to have their turn soon.
    fn end_probe(&mut self, grant: &GrantId, now: UnixMillis) -> bool {
        if self.probe.as_ref() != Some(grant) {
            return false;
        }
        if self.failed_probe != self.probe {
            self.pauses = self.pauses.saturating_add(1);
        }
        self.failed_probe = self.probe.take();
        self.until = later(self.until, now, pause(self.pauses));
        true
    }
}
