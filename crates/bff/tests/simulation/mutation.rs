//! Bugs on purpose, each at the seam where the engine meets the world.

/// A bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// Writes win whatever the row's version is: the lease excludes nobody,
    /// and what was read before it is believed.
    DropTheCompareAndSet,
    /// Flights are not announced: after a crash nobody knows of them.
    DropTheIntent,
    /// Leases run out at once.
    DropTheLease,
    /// The store answers before it stores.
    AnswerBeforeStoring,
    /// A strict provider is taken for one whose tokens can be used again.
    ReplayUnderStrictRotation,
    /// A provider that is busy is taken for one that says no.
    TakeBusyForDead,
    /// A provider that refuses one resource is taken for one that refuses the
    /// refresh token.
    TakeARefusedResourceForDead,
    /// A process that slept does not look whether its lease has gone.
    TrustALeaseAfterSleep,
    /// Tokens are filed under another use than they were asked for.
    MixUpResources,
    /// Tokens are believed for longer than they live.
    ServeExpiredTokens,
    /// An answer without a refresh token blanks the stored one.
    BlankTheRefreshToken,
}

impl Mutation {
    pub(crate) const ALL: &[Self] = &[
        Self::DropTheCompareAndSet,
        Self::DropTheIntent,
        Self::DropTheLease,
        Self::AnswerBeforeStoring,
        Self::ReplayUnderStrictRotation,
        Self::TakeBusyForDead,
        Self::TakeARefusedResourceForDead,
        Self::TrustALeaseAfterSleep,
        Self::MixUpResources,
        Self::ServeExpiredTokens,
        Self::BlankTheRefreshToken,
    ];
}
