//! Sessions: who is signed in, and until when.
//!
//! - `handle`: the session of a request, as handlers use it
//! - `sessions`: looking sessions up by cookie

mod handle;
mod sessions;

pub use handle::{Session, User};
pub(crate) use sessions::Sessions;

use crate::{clock::millis, digest::Digest, grant::GrantId, settings::SessionSettings};
use confidant_wire::{ClientKind, UnixMillis};
use std::time::Duration;

/// A session, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The digest of the cookie's value.
    pub digest: Digest,
    /// The grant whose tokens the session uses.
    pub grant: GrantId,
    /// The id of the provider.
    pub provider: String,
    /// The provider and the client that issued its tokens, as
    /// [`Tokens::issued_by`](crate::grant::Tokens::issued_by) names them.
    pub issued_by: String,
    /// The kind of client that the user signed in with.
    pub kind: ClientKind,
    /// The subject the provider named.
    pub subject: String,
    /// The name to greet the user with.
    pub name: String,
    /// When the session began. A silent re-authentication does not change it.
    pub created_at: UnixMillis,
    /// When the session was last used, to within a minute or less.
    pub last_seen: UnixMillis,
    /// When the session ends unless it is used before.
    pub expires_at: UnixMillis,
}

impl SessionRecord {
    /// Returns whether the session is over under the present settings.
    pub fn is_over(&self, settings: SessionSettings, now: UnixMillis) -> bool {
        now >= ends(settings, self.created_at, self.last_seen)
    }

    /// Returns the session after a use at this time, or `None` when the last
    /// use is too recent to store another.
    pub fn used(&self, settings: SessionSettings, now: UnixMillis) -> Option<Self> {
        (now.saturating_sub(self.last_seen) >= granularity(settings)).then(|| Self {
            last_seen: now,
            expires_at: ends(settings, self.created_at, now),
            ..self.clone()
        })
    }
}

/// Returns how much is left of the absolute lifetime of a session.
pub(crate) fn remaining(
    settings: SessionSettings,
    created_at: UnixMillis,
    now: UnixMillis,
) -> Duration {
    let age = Duration::from_millis(now.saturating_sub(created_at));
    settings.absolute.saturating_sub(age)
}

/// Returns when a session ends that began and was last used at these times.
pub(crate) fn ends(
    settings: SessionSettings,
    created_at: UnixMillis,
    last_seen: UnixMillis,
) -> UnixMillis {
    let idle = last_seen.saturating_add(millis(settings.idle));
    let absolute = created_at.saturating_add(millis(settings.absolute));
    idle.min(absolute)
}

/// Returns the precision of the last use, in milliseconds: a minute, or less
/// when the idle time is short.
fn granularity(settings: SessionSettings) -> u64 {
    (millis(settings.idle) / 20).min(60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: SessionSettings = SessionSettings {
        idle: Duration::from_secs(600),
        absolute: Duration::from_secs(3600),
    };

    fn session(last_seen: u64) -> SessionRecord {
        SessionRecord {
            digest: Digest::of("x"),
            grant: GrantId("g".into()),
            provider: "demo".into(),
            issued_by: String::new(),
            kind: ClientKind::BFF,
            subject: "1".into(),
            name: "alice".into(),
            created_at: 0,
            last_seen,
            expires_at: 0,
        }
    }

    #[test]
    fn a_session_ends_when_idle_and_at_its_absolute_age() {
        assert!(!session(0).is_over(SETTINGS, 599_999));
        assert!(session(0).is_over(SETTINGS, 600_000));
        assert!(!session(3_500_000).is_over(SETTINGS, 3_599_999));
        assert!(session(3_500_000).is_over(SETTINGS, 3_600_000));
    }

    #[test]
    fn use_prolongs_a_session_but_not_beyond_its_absolute_age() {
        let used = session(0).used(SETTINGS, 60_000).unwrap();
        assert_eq!(used.expires_at, 660_000);
        let used = session(3_000_000).used(SETTINGS, 3_500_000).unwrap();
        assert_eq!(used.expires_at, 3_600_000);
    }

    #[test]
    fn not_every_request_writes() {
        assert_eq!(session(0).used(SETTINGS, 29_999), None);
        assert!(session(0).used(SETTINGS, 30_000).is_some());
    }
}
