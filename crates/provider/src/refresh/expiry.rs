//! When refresh tokens expire.

use crate::{
    clock::UnixTime,
    family::{Family, RefreshToken},
    policy::RefreshLifetime,
};

/// Returns when `token` of `family` expires; `None` if it never does.
pub(crate) fn refresh_token_expiry(
    family: &Family,
    token: &RefreshToken,
    lifetime: RefreshLifetime,
) -> Option<UnixTime> {
    match lifetime {
        RefreshLifetime::Unlimited => None,
        RefreshLifetime::FixedFromFirst(time) => Some(family.started_at.plus(time)),
        RefreshLifetime::Sliding(time) => Some(token.issued_at.plus(time)),
        RefreshLifetime::Idle(time) => Some(family.last_used_at.plus(time)),
    }
}
