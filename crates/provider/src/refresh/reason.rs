//! Why a refresh was decided so.

use crate::dpop::proof::ProofError;

/// Why it was decided so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Rotated,
    SameToken,
    TokenOmitted,
    NewPairInGrace,
    SameSuccessor,
    ReuseIgnored,
    UnknownToken,
    ForeignClient,
    ProofMissing,
    OtherKey,
    FamilyRevoked,
    Expired,
    Reused,
    ScopeWidened,
}

impl Reason {
    /// The reason as a fixed code, for the log.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Rotated => "rotated",
            Self::SameToken => "same_token",
            Self::TokenOmitted => "token_omitted",
            Self::NewPairInGrace => "new_pair_in_grace",
            Self::SameSuccessor => "same_successor",
            Self::ReuseIgnored => "reuse_ignored",
            Self::UnknownToken => "unknown_token",
            Self::ForeignClient => "foreign_client",
            Self::ProofMissing => ProofError::Missing.code(),
            Self::OtherKey => ProofError::OtherKey.code(),
            Self::FamilyRevoked => "family_revoked",
            Self::Expired => "expired",
            Self::Reused => "reused",
            Self::ScopeWidened => "scope_widened",
        }
    }

    /// The reason in words, for a person and for `error_description`.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Rotated => "Valid: new access token and new refresh token.",
            Self::SameToken => "Valid: new access token, the same refresh token again.",
            Self::TokenOmitted => "Valid: new access token; the client keeps its refresh token.",
            Self::NewPairInGrace => "Used before, still in its grace: another new pair.",
            Self::SameSuccessor => "Used before, still in its grace: the same successor again.",
            Self::ReuseIgnored => "Used before; nobody minds here: another new pair.",
            Self::UnknownToken => "Nobody was given this refresh token, or it was forgotten.",
            Self::ForeignClient => "The refresh token belongs to another client.",
            Self::ProofMissing => ProofError::Missing.description(),
            Self::OtherKey => ProofError::OtherKey.description(),
            Self::FamilyRevoked => "Everything that this authorization gave was revoked.",
            Self::Expired => "The refresh token has expired.",
            Self::Reused => "The refresh token was used before and has a successor.",
            Self::ScopeWidened => "More scope was asked for than the person allowed.",
        }
    }
}
