//! One rule: what goes wrong, for which requests, how often.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::endpoints;

/// The longest time that anything is made to take, in milliseconds.
const MAX_DURATION_MS: u64 = 600_000;

/// A fault and the requests that it befalls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The path of an endpoint, or its beginning and a `*`; all if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The client that the request names, proved or not; anybody if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The `grant_type` in the form; any or none if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
    /// How many of these requests are let through first.
    #[serde(default)]
    pub skip: u64,
    /// How many times it happens; until the rule is taken away if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How likely it is for each request, from 0 to 1; certain if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What the chances follow from: the same seed, the same sequence.
    #[serde(default)]
    pub seed: u64,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer is late. Whoever hangs up meanwhile takes an unprocessed
    /// request back, but not a processed one.
    Delay {
        /// By how many milliseconds.
        ms: u64,
        /// Whether the request waits or its answer.
        #[serde(default)]
        at: FaultTiming,
    },
    /// An error in the answer's place, as an overloaded server or a gateway
    /// in front of it sends it.
    Status {
        /// From 400 to 599.
        status: u16,
        /// The `Retry-After` header, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<u64>,
        /// Whether the request was processed all the same.
        #[serde(default)]
        at: FaultTiming,
    },
    /// An HTML page in the answer's place.
    Html {
        /// From 200 to 599.
        #[serde(default = "ok")]
        status: u16,
        /// Whether the request was processed all the same.
        #[serde(default)]
        at: FaultTiming,
    },
    /// The connection is closed and no byte of an answer sent.
    Close {
        /// Whether the request was processed all the same.
        #[serde(default)]
        at: FaultTiming,
    },
    /// The request is processed, and its answer ends in the middle.
    // Braces, because serde lets a variant without them have unknown fields.
    Truncated {},
    /// The request is processed, and its answer comes in small pieces.
    SlowDrip {
        /// How long the whole answer takes, in milliseconds.
        over_ms: u64,
    },
    /// The request is processed, and the answer has no CORS headers, so that
    /// a page cannot read it. A preflight is answered so as well, and counts
    /// like a request; of what a rule is about it tells the endpoint only.
    WithoutCors {},
}

/// When a fault happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultTiming {
    /// Before the request changes anything.
    #[default]
    BeforeCommit,
    /// After the request was processed and what it changed was stored.
    AfterCommit,
}

/// Why a rule makes no sense.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FaultRuleError {
    /// No endpoint has this path.
    #[error("its endpoint is none of the provider's")]
    Endpoint,
    /// The probability is none.
    #[error("its probability is not from 0 to 1")]
    Probability,
    /// The time is too long.
    #[error("it takes longer than {MAX_DURATION_MS} ms")]
    Time,
    /// The status is no error, or none at all.
    #[error("its status is out of range")]
    Status,
}

fn ok() -> u16 {
    200
}

impl FaultRule {
    /// A rule by which `fault` befalls every request, each time.
    pub fn new(fault: Fault) -> Self {
        Self {
            endpoint: None,
            client: None,
            grant_type: None,
            fault,
            skip: 0,
            times: None,
            probability: None,
            seed: 0,
        }
    }

    /// A rule by which `fault` befalls the next refresh, once.
    pub fn next_refresh(fault: Fault) -> Self {
        Self {
            endpoint: Some("/token".to_owned()),
            grant_type: Some("refresh_token".to_owned()),
            times: Some(1),
            ..Self::new(fault)
        }
    }

    pub(super) fn check(&self) -> Result<(), FaultRuleError> {
        if !self.endpoint.as_deref().is_none_or(endpoints::matches_any) {
            return Err(FaultRuleError::Endpoint);
        }
        let likely = |p: f64| (0.0..=1.0).contains(&p);
        if !self.probability.is_none_or(likely) {
            return Err(FaultRuleError::Probability);
        }
        match self.fault {
            Fault::Delay { ms, .. } | Fault::SlowDrip { over_ms: ms } if ms > MAX_DURATION_MS => {
                Err(FaultRuleError::Time)
            }
            Fault::Status { status, .. } if !(400..600).contains(&status) => {
                Err(FaultRuleError::Status)
            }
            Fault::Html { status, .. } if !(200..600).contains(&status) => {
                Err(FaultRuleError::Status)
            }
            _ => Ok(()),
        }
    }
}

impl Fault {
    pub(super) fn timing(self) -> FaultTiming {
        match self {
            Self::Delay { at, .. }
            | Self::Status { at, .. }
            | Self::Html { at, .. }
            | Self::Close { at } => at,
            Self::Truncated {} | Self::SlowDrip { .. } | Self::WithoutCors {} => {
                FaultTiming::AfterCommit
            }
        }
    }

    /// The fault as a fixed code, and in words, for the log.
    pub(super) fn log_entry(self) -> (&'static str, &'static str) {
        let after = self.timing() == FaultTiming::AfterCommit;
        match self {
            Self::Delay { .. } if after => ("delay", "Processed, and the answer held back."),
            Self::Delay { .. } => ("delay", "Held back before it was processed."),
            Self::Status { .. } if after => ("status", "Processed, but answered with an error."),
            Self::Status { .. } => ("status", "Not processed: answered with an error."),
            Self::Html { .. } if after => ("html", "Processed, but answered with a page."),
            Self::Html { .. } => ("html", "Not processed: answered with a page."),
            Self::Close { .. } if after => ("close", "Processed, and the answer never sent."),
            Self::Close { .. } => ("close", "Not processed: the connection was closed."),
            Self::Truncated {} => ("truncated", "Processed, and the answer cut short."),
            Self::SlowDrip { .. } => ("slow_drip", "Processed, and the answer sent in drops."),
            Self::WithoutCors {} => ("without_cors", "Answered without CORS headers."),
        }
    }
}
