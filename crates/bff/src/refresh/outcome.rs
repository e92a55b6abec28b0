//! The outcome of a refresh.

use confidant_protocol::Outcome;

/// What a refresh did to the grant.
#[derive(Clone, Debug, PartialEq)]
pub enum RefreshOutcome {
    /// The outcome of its token request.
    Request(Outcome),
    /// No request was sent, because the lease would have expired before the
    /// response: the process was suspended for too long.
    LeaseExpired,
}

impl RefreshOutcome {
    /// Returns its name in logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Request(outcome) => outcome.name(),
            Self::LeaseExpired => "lease_expired",
        }
    }
}

impl From<Outcome> for RefreshOutcome {
    fn from(outcome: Outcome) -> Self {
        Self::Request(outcome)
    }
}
