//! When a refresh token ends.

use super::policy::RefreshLifetime;
use crate::{
    clock::UnixTime,
    records::family::{Family, RefreshToken},
};

/// When `token` of `family` ends; `None` if it never does.
pub(crate) fn expires_at(
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
