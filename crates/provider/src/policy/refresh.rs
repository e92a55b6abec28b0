//! What happens in a refresh, as data.
//!
//! In JSON, durations are whole milliseconds, and their names end in `_ms`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::millis;

/// The effect of a refresh on the tokens of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshPolicy {
    /// The refresh token in the response.
    pub answer: RefreshAnswer,
    /// The same if the presented refresh token is bound to a key (RFC 9449
    /// section 5). A bound token need not be rotated, because a thief lacks the
    /// key (RFC 10017 section 6.3.2.3).
    pub bound_answer: RefreshAnswer,
    /// What happens to a refresh token that has a successor.
    pub old_refresh_token: OldRefreshToken,
    /// What happens to earlier access tokens of the family.
    pub old_access_token: OldAccessToken,
    /// What happens when a client presents a spent refresh token.
    pub reuse: Reuse,
    /// The lifetime of refresh tokens.
    pub lifetime: RefreshLifetime,
}

/// The refresh token in the response to a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshAnswer {
    /// A new token.
    New,
    /// The presented token.
    Same,
    /// No token: the client keeps the presented one.
    Omitted,
}

/// What happens to a refresh token that has a successor.
///
/// With a grace period, a client whose response was lost can repeat the refresh
/// with its old token. A grace period ends when a successor is first used,
/// because then the client has received a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OldRefreshToken {
    /// The token stays valid beside its successor.
    Valid,
    /// The token becomes invalid at once.
    Revoked,
    /// Grace A: for this long after the rotation, each use gives another pair.
    #[serde(rename = "grace_new_pair_ms")]
    GraceNewPair(#[serde(with = "millis")] Duration),
    /// Grace B: for this long after the rotation, each use gives the same
    /// successor with another access token.
    #[serde(rename = "grace_same_successor_ms")]
    GraceSameSuccessor(#[serde(with = "millis")] Duration),
    /// Grace C: the token stays valid until a successor is first used.
    UntilSuccessorUsed,
    /// The token can be used this many times in all.
    Uses(u32),
}

/// What happens to access tokens issued before a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OldAccessToken {
    /// They stay valid until they expire.
    Lives,
    /// They become invalid at once.
    Revoked,
}

/// What happens when a client presents a spent refresh token: one that was
/// rotated, and whose grace period is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    /// The provider treats the token as valid.
    Ignored,
    /// The provider refuses the request.
    Refused,
    /// The provider refuses the request and revokes the family, because it
    /// cannot tell a thief from the client (RFC 9700 section 4.14.2).
    FamilyRevoked,
}

/// The lifetime of refresh tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshLifetime {
    /// They never expire.
    Unlimited,
    /// They expire this long after the authorization. Rotation does not extend
    /// the lifetime (RFC 10017 section 6.3.2.3).
    #[serde(rename = "fixed_from_first_ms")]
    FixedFromFirst(#[serde(with = "millis")] Duration),
    /// Each expires this long after it was issued.
    #[serde(rename = "sliding_ms")]
    Sliding(#[serde(with = "millis")] Duration),
    /// They expire this long after the last use of the family.
    #[serde(rename = "idle_ms")]
    Idle(#[serde(with = "millis")] Duration),
}

impl RefreshPolicy {
    /// Returns a policy with rotation: each refresh gives a new token, and reuse
    /// of an old one revokes the family. Tokens bound to a key stay the same.
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

    /// Returns a policy under which each response has the same refresh token.
    pub fn same_token(lifetime: RefreshLifetime) -> Self {
        Self {
            answer: RefreshAnswer::Same,
            ..Self::rotate_strict(lifetime)
        }
    }

    /// Returns a policy under which no response has a refresh token.
    pub fn omitted(lifetime: RefreshLifetime) -> Self {
        Self {
            answer: RefreshAnswer::Omitted,
            bound_answer: RefreshAnswer::Omitted,
            ..Self::rotate_strict(lifetime)
        }
    }
}
