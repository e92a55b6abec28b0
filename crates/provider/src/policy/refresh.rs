//! How a provider treats refresh tokens, as data.
//!
//! As JSON, durations are whole milliseconds, and the names say so.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::millis;

/// What a refresh does to the tokens of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshPolicy {
    /// Which refresh token the answer carries.
    pub answer: RefreshAnswer,
    /// The same where the refresh token that was presented is bound to a key
    /// (RFC 9449 section 5). Such a one need not be rotated: a thief lacks
    /// the key (RFC 10017 section 6.3.2.3).
    pub bound_answer: RefreshAnswer,
    /// What becomes of a refresh token once it has a successor.
    pub old_refresh_token: OldRefreshToken,
    /// What becomes of the family's earlier access tokens.
    pub old_access_token: OldAccessToken,
    /// What a refresh token that is no longer valid brings about.
    pub reuse: Reuse,
    /// How long refresh tokens live.
    pub lifetime: RefreshLifetime,
}

/// The refresh token in the answer to a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshAnswer {
    /// A new one.
    New,
    /// The one that was presented, once more.
    Same,
    /// None: the client keeps the one that it has.
    Omitted,
}

/// A refresh token that has a successor.
///
/// The graces let a client whose answer was lost come back with the token
/// that it still has. None of them outlives the first use of a successor:
/// whoever used it has got the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OldRefreshToken {
    /// Stays valid beside its successor.
    Valid,
    /// Ends at once.
    Revoked,
    /// Grace A: for this long after the rotation it gives a new pair each time.
    #[serde(rename = "grace_new_pair_ms")]
    GraceNewPair(#[serde(with = "millis")] Duration),
    /// Grace B: for this long after the rotation it gives the same successor
    /// again, with another access token.
    #[serde(rename = "grace_same_successor_ms")]
    GraceSameSuccessor(#[serde(with = "millis")] Duration),
    /// Grace C: stays valid until a successor is first used.
    UntilSuccessorUsed,
    /// Is good for this many refreshes, the first included.
    Uses(u32),
}

/// The access tokens that a family had before a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OldAccessToken {
    /// Live until they expire.
    Lives,
    /// End at once.
    Revoked,
}

/// The answer to a refresh token that is spent: rotated away, and past any grace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    /// It is taken as if it were still good.
    Ignored,
    /// The request is refused; the family lives on.
    Refused,
    /// The request is refused and everything in the family ends, since a
    /// thief and the client cannot be told apart (RFC 9700 section 4.14.2).
    FamilyRevoked,
}

/// When refresh tokens end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshLifetime {
    /// Never.
    Unlimited,
    /// This long after the authorization, rotation or not: a rotated token
    /// does not outlive the first (RFC 10017 section 6.3.2.3).
    #[serde(rename = "fixed_from_first_ms")]
    FixedFromFirst(#[serde(with = "millis")] Duration),
    /// This long after each token was issued, so a rotation prolongs it.
    #[serde(rename = "sliding_ms")]
    Sliding(#[serde(with = "millis")] Duration),
    /// This long after the family was last used.
    #[serde(rename = "idle_ms")]
    Idle(#[serde(with = "millis")] Duration),
}

impl RefreshPolicy {
    /// A new refresh token each time, the old one ends, and reuse revokes the
    /// family. One that is bound to a key stays the same.
    pub fn rotate_strict(lifetime: RefreshLifetime) -> Self {
        Self {
            answer: RefreshAnswer::New,
            bound_answer: RefreshAnswer::Same,
            old_refresh_token: OldRefreshToken::Revoked,
            old_access_token: OldAccessToken::Lives,
            reuse: Reuse::FamilyRevoked,
            lifetime,
        }
    }

    /// The same refresh token each time.
    pub fn same_token(lifetime: RefreshLifetime) -> Self {
        Self {
            answer: RefreshAnswer::Same,
            ..Self::rotate_strict(lifetime)
        }
    }

    /// No refresh token in the answer: the client keeps its own.
    pub fn omitted(lifetime: RefreshLifetime) -> Self {
        Self {
            answer: RefreshAnswer::Omitted,
            bound_answer: RefreshAnswer::Omitted,
            ..Self::rotate_strict(lifetime)
        }
    }
}
