//! Forgetting what is over.

use std::time::Duration;

use super::{Records, family::Family};
use crate::{clock::UnixTime, policy::RefreshLifetime, refresh::expiry::refresh_token_expiry};

/// How often a change sweeps as well.
const EVERY: Duration = Duration::from_secs(10);
/// How long a dead token or family is kept, so that an answer can say *why*
/// it is dead.
const REMEMBERED: Duration = Duration::from_secs(15 * 60);

impl Records {
    /// Drops what ended a while ago. `lifetime` says how long refresh tokens
    /// of a client live.
    pub(crate) fn sweep(&mut self, lifetime: impl Fn(&str) -> RefreshLifetime, now: UnixTime) {
        if self.swept_at.is_some_and(|last| now.since(last) < EVERY) {
            return;
        }
        self.swept_at = Some(now);
        self.sessions.retain(|_, session| now < session.expires_at);
        self.codes.retain(|_, code| {
            code.redeemed_for.is_some() || now < code.expires_at.plus(REMEMBERED)
        });
        for family in self.families.values_mut() {
            let owners = &mut self.owners;
            family.access_tokens.retain(|token| {
                let kept = now < token.expires_at.plus(REMEMBERED);
                if !kept {
                    owners.remove(&token.digest);
                }
                kept
            });
        }
        let over = |family: &&Family| is_over(family, lifetime(&family.client), now);
        let over: Vec<u64> = self
            .families
            .values()
            .filter(over)
            .map(|family| family.number)
            .collect();
        for number in over {
            self.forget(number);
        }
    }
}

fn is_over(family: &Family, lifetime: RefreshLifetime, now: UnixTime) -> bool {
    if let Some(revoked) = family.revoked {
        return now >= revoked.at.plus(REMEMBERED);
    }
    let refreshable = family.refresh_tokens.last().is_some_and(|token| {
        refresh_token_expiry(family, token, lifetime).is_none_or(|end| now < end.plus(REMEMBERED))
    });
    !refreshable && family.access_tokens.is_empty()
}
