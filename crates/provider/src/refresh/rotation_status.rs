//! Whether rotation has made a refresh token unusable.

use crate::{
    clock::UnixTime,
    family::{Family, RefreshToken},
    policy::OldRefreshToken,
};

/// The status of a refresh token with regard to rotation. It does not consider
/// expiry and revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RotationStatus {
    /// The token can be used.
    Usable,
    /// The token has a successor, but can still be used for now.
    InGracePeriod,
    /// The token has a successor and can no longer be used.
    Spent,
}

/// Returns the status of `token` under the policy `old` for tokens that have a
/// successor.
pub(crate) fn rotation_status(
    family: &Family,
    token: &RefreshToken,
    old: OldRefreshToken,
    now: UnixTime,
) -> RotationStatus {
    let rotated_at = match (old, token.rotated_at) {
        (OldRefreshToken::Valid, _) => return RotationStatus::Usable,
        // The limit also applies where refreshes return the same token.
        (OldRefreshToken::Uses(max), _) if token.uses < max => return RotationStatus::Usable,
        (OldRefreshToken::Uses(_), _) => return RotationStatus::Spent,
        (_, None) => return RotationStatus::Usable,
        (_, Some(rotated_at)) => rotated_at,
    };
    let in_grace_period = match old {
        OldRefreshToken::GraceNewPair(window) | OldRefreshToken::GraceSameSuccessor(window) => {
            now < rotated_at.plus(window)
        }
        OldRefreshToken::UntilSuccessorUsed => true,
        OldRefreshToken::Valid | OldRefreshToken::Revoked | OldRefreshToken::Uses(_) => false,
    };
    if in_grace_period && !family.successor_was_used(token) {
        RotationStatus::InGracePeriod
    } else {
        RotationStatus::Spent
    }
}
