//! Deliberate bugs, each at the interface between the engine and its
//! surroundings.

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// Writes succeed whatever the row's version is: a lease excludes no other
    /// replica, and a row that was read before it may be outdated.
    DropTheCompareAndSet,
    /// Refreshes are not announced: after a crash they are not found.
    DropTheAnnouncement,
    /// Leases expire at once.
    DropTheLease,
    /// The store reports success before it writes.
    ReportBeforeStoring,
    /// The rule for strict rotation is taken for the rule for reusable tokens.
    ReplayUnderStrictRotation,
    /// A busy provider counts as one that refuses the refresh token.
    TreatBusyAsDead,
    /// A provider that refuses one resource counts as one that refuses the
    /// refresh token.
    TreatARefusedResourceAsDead,
    /// A process that was suspended does not check its lease.
    TrustALeaseAfterSuspension,
    /// Tokens are stored under another resource than they were requested for.
    MixUpResources,
    /// Tokens count as valid after their expiry.
    ServeExpiredTokens,
    /// A response without a refresh token deletes the stored one.
    DeleteTheRefreshToken,
}

impl Mutation {
    pub(crate) const ALL: &[Self] = &[
        Self::DropTheCompareAndSet,
        Self::DropTheAnnouncement,
        Self::DropTheLease,
        Self::ReportBeforeStoring,
        Self::ReplayUnderStrictRotation,
        Self::TreatBusyAsDead,
        Self::TreatARefusedResourceAsDead,
        Self::TrustALeaseAfterSuspension,
        Self::MixUpResources,
        Self::ServeExpiredTokens,
        Self::DeleteTheRefreshToken,
    ];
}
