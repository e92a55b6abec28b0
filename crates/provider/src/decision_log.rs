//! The log of decisions: what the provider did with each grant, and why.

use std::collections::VecDeque;

use serde::Serialize;

use crate::clock::UnixTime;

/// How many decisions are remembered.
const MAX_ENTRIES: usize = 500;

/// The latest decisions, the oldest first.
#[derive(Default)]
pub(crate) struct DecisionLog {
    entries: VecDeque<Entry>,
    last: u64,
}

/// One decision.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// 1 for the first since the start.
    number: u64,
    /// Milliseconds since 1970.
    at: UnixTime,
    #[serde(flatten)]
    pub(crate) event: DecisionEvent,
}

/// What was decided, about what, for whom.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecisionEvent {
    pub(crate) about: EventKind,
    pub(crate) client: String,
    /// Where a fault was put in or a proof refused; absent for everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<&'static str>,
    /// The number of the token family; absent if no family is concerned.
    pub(crate) family: Option<u64>,
    /// Which refresh token of the family was presented, 1 for the first.
    pub(crate) generation: Option<u64>,
    pub(crate) outcome: &'static str,
    pub(crate) reason: &'static str,
    #[serde(rename = "words")]
    pub(crate) description: &'static str,
}

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventKind {
    /// A code presented at the token endpoint.
    Code,
    /// A refresh token presented at the token endpoint.
    Refresh,
    /// A token presented at the revocation endpoint, or the provider's own doing.
    Revocation,
    /// A DPoP proof that was refused, at the token endpoint or a resource.
    Proof,
    /// A fault that was put in on purpose.
    Fault,
}

impl EventKind {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Code => "Code",
            Self::Refresh => "Refresh",
            Self::Revocation => "Revocation",
            Self::Proof => "Proof",
            Self::Fault => "Fault",
        }
    }
}

impl DecisionLog {
    /// Adds a decision; the oldest makes room.
    pub(crate) fn record(&mut self, at: UnixTime, event: DecisionEvent) {
        tracing::info!(
            about = event.about.label(),
            client = event.client,
            family = event.family,
            outcome = event.outcome,
            reason = event.reason,
            "decided"
        );
        self.last += 1;
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.pop_front();
        }
        let number = self.last;
        self.entries.push_back(Entry { number, at, event });
    }

    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }
}

impl Entry {
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn at(&self) -> UnixTime {
        self.at
    }
}
