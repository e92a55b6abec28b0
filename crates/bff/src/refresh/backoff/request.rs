//! A refresh that is to be sent, or was sent.

use crate::grant::{GrantId, TokenRequirement};

/// A refresh that is to be sent, or was sent.
#[derive(Clone, Copy, Debug)]
pub struct RefreshRequest<'a> {
    /// The provider's id.
    pub provider: &'a str,
    /// The grant whose refresh token it presents.
    pub grant: &'a GrantId,
    /// The resource and scope that it requests.
    pub requirement: &'a TokenRequirement,
}
