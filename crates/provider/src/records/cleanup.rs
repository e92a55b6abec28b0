//! Forgetting what is over.

use std::time::Duration;

use super::{Records, family::Family};
use crate::{clock::UnixTime, policy::RefreshLifetime, refresh::expiry::refresh_token_expiry};

/// How often a change sweeps as well.
const INTERVAL: Duration = Duration::from_secs(10);
/// How long a dead token or family is kept, so that an answer can say *why*
/// it is dead.
const RETENTION: Duration = Duration::from_secs(15 * 60);

impl Records {
    /// Drops what ended a while ago. `lifetime` says how long refresh tokens
    /// of a client live.
    pub(crate) fn remove_expired(
        &mut self,
        lifetime: impl Fn(&str) -> RefreshLifetime,
        now: UnixTime,
    ) {
        if self
            .cleaned_at
            .is_some_and(|last| now.since(last) < INTERVAL)
        {
            return;
        }
        self.cleaned_at = Some(now);
        self.sessions.retain(|_, session| now < session.expires_at);
        self.codes
            .retain(|_, code| code.redeemed_for.is_some() || now < code.expires_at.plus(RETENTION));
        for family in self.families.values_mut() {
            let family_by_token = &mut self.family_by_token;
            family.access_tokens.retain(|token| {
                let kept = now < token.expires_at.plus(RETENTION);
                if !kept {
                    family_by_token.remove(&token.digest);
                }
                kept
            });
        }
        let expired = |family: &&Family| is_removable(family, lifetime(&family.client), now);
        let expired: Vec<u64> = self
            .families
            .values()
            .filter(expired)
            .map(|family| family.number)
            .collect();
        for number in expired {
            self.remove_family(number);
        }
    }
}

fn is_removable(family: &Family, lifetime: RefreshLifetime, now: UnixTime) -> bool {
    if let Some(revoked) = family.revoked {
        return now >= revoked.at.plus(RETENTION);
    }
    let refreshable = family.refresh_tokens.last().is_some_and(|token| {
        refresh_token_expiry(family, token, lifetime).is_none_or(|end| now < end.plus(RETENTION))
    });
    !refreshable && family.access_tokens.is_empty()
}
