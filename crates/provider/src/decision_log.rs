//! The decision log: what the provider decided about codes, tokens and proofs,
//! and why.

use std::collections::VecDeque;

use serde::Serialize;

use crate::clock::UnixTime;

/// The largest number of entries. A new entry evicts the oldest.
const MAX_ENTRIES: usize = 500;

/// The latest decisions, from the oldest to the newest.
#[derive(Default)]
pub(crate) struct DecisionLog {
    entries: VecDeque<Entry>,
    last_number: u64,
}

/// A numbered entry of the log.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// The number since the start, beginning with 1.
    pub(crate) number: u64,
    /// In milliseconds since 1970.
    pub(crate) at: UnixTime,
    #[serde(flatten)]
    pub(crate) event: DecisionEvent,
}

/// One decision. It holds no secret and no text from a request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecisionEvent {
    #[serde(rename = "about")]
    pub(crate) kind: EventKind,
    pub(crate) client: String,
    /// The endpoint of an injected fault or a refused proof.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<&'static str>,
    /// The number of the token family.
    pub(crate) family: Option<u64>,
    /// The position of the presented refresh token in its family.
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
    /// A token presented at the revocation endpoint, or a family that the
    /// provider revoked by itself.
    Revocation,
    /// A refused DPoP proof.
    Proof,
    /// An injected fault.
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

impl DecisionEvent {
    pub(crate) fn new(
        kind: EventKind,
        client: &str,
        outcome: &'static str,
        reason: &'static str,
        description: &'static str,
    ) -> Self {
        Self {
            kind,
            client: client.to_owned(),
            endpoint: None,
            family: None,
            generation: None,
            outcome,
            reason,
            description,
        }
    }

    pub(crate) fn at_endpoint(self, endpoint: &'static str) -> Self {
        Self {
            endpoint: Some(endpoint),
            ..self
        }
    }

    pub(crate) fn about_family(self, family: Option<u64>) -> Self {
        Self { family, ..self }
    }

    pub(crate) fn about_generation(self, generation: Option<u64>) -> Self {
        Self { generation, ..self }
    }
}

impl DecisionLog {
    /// Adds an event to the log and to the trace output.
    pub(crate) fn record(&mut self, at: UnixTime, event: DecisionEvent) {
        tracing::info!(
            about = event.kind.label(),
            client = event.client,
            family = event.family,
            outcome = event.outcome,
            reason = event.reason,
            "provider decision"
        );
        self.last_number += 1;
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.pop_front();
        }
        let number = self.last_number;
        self.entries.push_back(Entry { number, at, event });
    }

    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }
}
