//! What a refresh token of a living family is still worth.

use crate::{
    clock::UnixTime,
    policy::OldRefreshToken,
    records::family::{Family, RefreshToken},
};

/// What a refresh token is worth, apart from its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RotationStatus {
    /// It is good for a refresh.
    Usable,
    /// It has a successor, and is good all the same for the time being.
    InGracePeriod,
    /// It has been used up.
    Spent,
}

/// What `token` of `family` is worth where old refresh tokens are treated as
/// `old` says.
pub(crate) fn rotation_status(
    family: &Family,
    token: &RefreshToken,
    old: OldRefreshToken,
    now: UnixTime,
) -> RotationStatus {
    let rotated_at = match (old, token.rotated_at) {
        (OldRefreshToken::Valid, _) => return RotationStatus::Usable,
        // Counts where the token stays the same as well.
        (OldRefreshToken::Uses(most), _) if token.uses < most => return RotationStatus::Usable,
        (OldRefreshToken::Uses(_), _) => return RotationStatus::Spent,
        (_, None) => return RotationStatus::Usable,
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
        true => RotationStatus::InGracePeriod,
        false => RotationStatus::Spent,
    }
}
