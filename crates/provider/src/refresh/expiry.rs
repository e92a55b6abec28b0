//! When a refresh token ends.

use crate::{
    clock::UnixTime,
    policy::RefreshLifetime,
    records::family::{Family, RefreshToken},
};

/// When `token` of `family` ends; `None` if it never does.
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
