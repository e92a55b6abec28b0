//! The reasons for refresh decisions.

use crate::dpop::proof::ProofError;

/// Why the provider granted or refused a refresh.
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
    /// Returns a fixed code for the decision log.
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

    /// Returns a sentence for the decision log and `error_description`.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Rotated => "Valid: new access token and new refresh token.",
            Self::SameToken => "Valid: new access token, the same refresh token again.",
            Self::TokenOmitted => "Valid: new access token; the client keeps its refresh token.",
            Self::NewPairInGrace => "Used before, within its grace period: another new pair.",
            Self::SameSuccessor => {
                "Used before, within its grace period: the same successor again."
            }
            Self::ReuseIgnored => "Used before, but this policy ignores reuse: another new pair.",
            Self::UnknownToken => "The refresh token is unknown, or its record was removed.",
            Self::ForeignClient => "The refresh token belongs to another client.",
            Self::ProofMissing => ProofError::Missing.description(),
            Self::OtherKey => ProofError::OtherKey.description(),
            Self::FamilyRevoked => "All tokens of this authorization were revoked.",
            Self::Expired => "The refresh token has expired.",
            Self::Reused => "The refresh token was used before and has a successor.",
            Self::ScopeWidened => "The client requested more scope than the user allowed.",
        }
    }
}
