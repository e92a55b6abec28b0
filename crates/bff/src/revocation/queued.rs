//! An entry of the revocation queue.

use crate::{
    clock::elapsed,
    grant::{GrantId, Tokens},
};
use confidant_wire::{ClientKind, UnixMillis};
use std::{fmt, str::FromStr, time::Duration};

/// How long the library tries to revoke tokens. By then, most providers have
/// discarded a token that was not used.
const MAX_AGE: Duration = Duration::from_secs(30 * 86400);

/// Why tokens are revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationReason {
    /// The user signed out, or an operator ended the session.
    SignedOut,
    /// The same user signed in again at the same provider.
    Replaced,
    /// Another user signed in, or the same user at another provider.
    OtherUser,
    /// The session expired.
    Expired,
    /// The provider refused the refresh token, or wants to ask the user again.
    Dead,
    /// The tokens arrived after the session had ended, or no session was started
    /// with them.
    Unused,
}

impl RevocationReason {
    const ALL: [Self; 6] = [
        Self::SignedOut,
        Self::Replaced,
        Self::OtherUser,
        Self::Expired,
        Self::Dead,
        Self::Unused,
    ];

    /// Returns the id of the reason in the database and in metrics.
    pub fn id(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Replaced => "replaced",
            Self::OtherUser => "other_user",
            Self::Expired => "expired",
            Self::Dead => "dead",
            Self::Unused => "unused",
        }
    }

    /// Returns whether the tokens are revoked at a provider where the revocation
    /// of one token also ends the user's newer grants.
    pub fn outweighs_newer_grants(self) -> bool {
        match self {
            Self::SignedOut | Self::OtherUser => true,
            Self::Replaced | Self::Expired | Self::Dead | Self::Unused => false,
        }
    }
}

impl FromStr for RevocationReason {
    type Err = ();

    fn from_str(id: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.id() == id).ok_or(())
    }
}

/// Tokens to revoke.
#[derive(Clone, PartialEq)]
pub struct QueuedRevocation {
    /// The id of its row.
    pub id: String,
    /// The grant that the tokens belonged to.
    pub grant: GrantId,
    /// The id of the provider.
    pub provider: String,
    /// The kind of client.
    pub kind: ClientKind,
    /// Why the tokens are revoked.
    pub reason: RevocationReason,
    /// When they were queued.
    pub queued_at: UnixMillis,
    /// Until when no other process attempts the revocation.
    pub claimed_until: UnixMillis,
    /// The number of attempts, including the one that the claim is for.
    pub attempts: u64,
    /// The tokens.
    pub tokens: Tokens,
}

impl QueuedRevocation {
    /// Returns whether the provider has not responded for so long that no
    /// further attempt is made.
    pub(crate) fn is_given_up(&self, now: UnixMillis) -> bool {
        elapsed(self.queued_at, now) >= MAX_AGE
    }
}

impl fmt::Debug for QueuedRevocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueuedRevocation")
            .field("grant", &self.grant)
            .field("provider", &self.provider)
            .field("reason", &self.reason)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// The length of the revocation queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RevocationQueueLength {
    /// The number of entries.
    pub queued: u64,
    /// The number of entries of which an attempt has failed.
    pub retrying: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_as_it_was_stored() {
        for reason in RevocationReason::ALL {
            assert_eq!(reason.id().parse(), Ok(reason));
        }
        assert_eq!("none".parse::<RevocationReason>(), Err(()));
    }
}
