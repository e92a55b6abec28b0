//! The records of all kinds, and what concerns more than one kind.

use std::time::Duration;

use super::{
    codes::{AuthorizationCode, Codes},
    consents::Consents,
    families::Families,
    sessions::Sessions,
};
use crate::{clock::UnixTime, family::RevocationCause, policy::RefreshLifetime};

/// The largest number of families of one user at one client. As at Google, a
/// new family silently ends the oldest.
const MAX_FAMILIES: usize = 100;
/// The shortest time between two removals of expired records.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(10);
/// How long an ended token or family stays, so that an error response can say
/// why it ended.
const RETENTION: Duration = Duration::from_secs(15 * 60);

/// Everything that survives a restart. Codes, sessions and tokens are stored
/// as digests only.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) codes: Codes,
    pub(crate) sessions: Sessions,
    pub(crate) consents: Consents,
    pub(crate) families: Families,
    cleaned_at: Option<UnixTime>,
}

impl Records {
    /// Combines the records of a state file.
    pub(super) fn new(
        codes: Codes,
        sessions: Sessions,
        consents: Consents,
        families: Families,
    ) -> Self {
        Self {
            codes,
            sessions,
            consents,
            families,
            cleaned_at: None,
        }
    }

    /// Revokes everything that a replayed code gave (RFC 6749 section 4.1.2).
    pub(crate) fn revoke_redeemed(&mut self, code: &AuthorizationCode, now: UnixTime) {
        if let Some(family) = code.redeemed_for {
            let cause = RevocationCause::CodeReplayed;
            self.families.revoke(family, cause, now);
        }
    }

    /// Makes room for another family of this user at this client.
    pub(super) fn evict_oldest_family(&mut self, subject: &str, client: &str) {
        let families = self.families.iter();
        let numbers: Vec<u64> = families
            .filter(|family| family.subject == subject && family.client == client)
            .map(|family| family.number)
            .collect();
        let excess = (numbers.len() + 1).saturating_sub(MAX_FAMILIES);
        for number in &numbers[..excess] {
            self.remove_family(*number);
        }
    }

    /// Removes records that ended a while ago. `lifetime` is the lifetime of
    /// refresh tokens by client.
    pub(crate) fn remove_expired(
        &mut self,
        lifetime: impl Fn(&str) -> RefreshLifetime,
        now: UnixTime,
    ) {
        let cleaned = self.cleaned_at;
        if cleaned.is_some_and(|at| now.since(at) < CLEANUP_INTERVAL) {
            return;
        }
        self.cleaned_at = Some(now);
        self.sessions.remove_expired(now);
        self.codes.remove_expired(RETENTION, now);
        self.families.remove_expired_access_tokens(RETENTION, now);
        for number in self.families.ended(lifetime, RETENTION, now) {
            self.remove_family(number);
        }
    }

    /// Removes a family and the code that started it.
    fn remove_family(&mut self, number: u64) {
        self.families.remove(number);
        self.codes.remove_redeemed_for(number);
    }
}
