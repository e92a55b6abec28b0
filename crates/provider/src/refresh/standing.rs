//! What a refresh token of a living family is still worth.

use super::policy::OldRefreshToken;
use crate::{
    clock::UnixTime,
    records::family::{Family, RefreshToken},
};

/// What a refresh token is worth, apart from its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is good for a refresh.
    Good,
    /// It has a successor, and is good all the same for the time being.
    Grace,
    /// It has been used up.
    Spent,
}

/// What `token` of `family` is worth where old refresh tokens are treated as
/// `old` says.
pub(crate) fn standing(
    family: &Family,
    token: &RefreshToken,
    old: OldRefreshToken,
    now: UnixTime,
) -> Standing {
    let rotated_at = match (old, token.rotated_at) {
        (OldRefreshToken::Valid, _) => return Standing::Good,
        // Counts where the token stays the same as well.
        (OldRefreshToken::Uses(most), _) if token.uses < most => return Standing::Good,
        (OldRefreshToken::Uses(_), _) => return Standing::Spent,
        (_, None) => return Standing::Good,
        (_, Some(rotated_at)) => rotated_at,
    };
    let in_grace = match old {
        OldRefreshToken::GraceNewPair(window) | OldRefreshToken::GraceSameSuccessor(window) => {
            now < rotated_at.plus(window)
        }
        OldRefreshToken::UntilSuccessorUsed => true,
        OldRefreshToken::Valid | OldRefreshToken::Revoked | OldRefreshToken::Uses(_) => false,
    };
    match in_grace && !family.successor_was_used(token) {
        true => Standing::Grace,
        false => Standing::Spent,
    }
}
