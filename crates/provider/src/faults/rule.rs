//! Fault rules: which fault applies to which requests, and how often.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::endpoints;

/// The longest delay, in milliseconds.
const MAX_DURATION_MS: u64 = 600_000;

/// A fault and the requests that it applies to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The path of an endpoint, or a prefix followed by `*`. If omitted, the rule
    /// applies to all endpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The client that the request names, authenticated or not. If omitted, the
    /// rule applies to all requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The `grant_type` in the form. If omitted, the rule applies to all
    /// requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<String>,
    /// The fault.
    pub fault: Fault,
    /// The number of matching requests before the first fault.
    #[serde(default)]
    pub skip: u64,
    /// The number of faults. If omitted, they end when the rule is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// The probability of the fault for each request, from 0 to 1. If omitted,
    /// it is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The seed of the random decisions. The same seed gives the same sequence.
    #[serde(default)]
    pub seed: u64,
}

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The request or its response is delayed. A client that disconnects
    /// before processing cancels the request.
    Delay {
        /// The delay in milliseconds.
        ms: u64,
        /// Whether the request or its response is delayed.
        #[serde(default)]
        at: FaultTiming,
    },
    /// An error replaces the response, as sent by an overloaded server or a
    /// gateway in front of it.
    Status {
        /// From 400 to 599.
        status: u16,
        /// The `Retry-After` header, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<u64>,
        /// Whether the request is processed before.
        #[serde(default)]
        at: FaultTiming,
    },
    /// An HTML page replaces the response.
    Html {
        /// From 200 to 599.
        #[serde(default = "ok")]
        status: u16,
        /// Whether the request is processed before.
        #[serde(default)]
        at: FaultTiming,
    },
    /// The connection is closed before any byte of a response.
    Close {
        /// Whether the request is processed before.
        #[serde(default)]
        at: FaultTiming,
    },
    /// The request is processed, and half of its response is sent.
    // With braces, serde rejects unknown fields of this variant.
    Truncated {},
    /// The request is processed, and its response is sent in small pieces.
    SlowDrip {
        /// The duration of the whole response in milliseconds.
        over_ms: u64,
    },
    /// The request is processed, and the response has no CORS headers, so that
    /// no page can read it. The same applies to preflights, which count like
    /// requests and match a rule by endpoint alone.
    WithoutCors {},
}

/// When a fault occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultTiming {
    /// Before the request changes anything.
    #[default]
    BeforeCommit,
    /// After the request was processed and its changes were stored.
    AfterCommit,
}

/// The reason why a rule is invalid.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FaultRuleError {
    /// The endpoint does not exist.
    #[error("the provider has no such endpoint")]
    Endpoint,
    /// The probability is out of range.
    #[error("the probability must be from 0 to 1")]
    Probability,
    /// The delay is too long.
    #[error("the delay must not exceed {MAX_DURATION_MS} ms")]
    Time,
    /// The status is out of range.
    #[error("the status is out of range")]
    Status,
}

fn ok() -> u16 {
    200
}

impl FaultRule {
    /// Returns a rule that applies `fault` to every request.
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

    /// Returns a rule that applies `fault` to the next refresh only.
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
        let in_range = |p: f64| (0.0..=1.0).contains(&p);
        if !self.probability.is_none_or(in_range) {
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
    pub(crate) fn timing(self) -> FaultTiming {
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

    /// Returns a fixed code and a sentence for the decision log.
    pub(crate) fn log_entry(self) -> (&'static str, &'static str) {
        let after = self.timing() == FaultTiming::AfterCommit;
        match self {
            Self::Delay { .. } if after => ("delay", "Processed, but the response was delayed."),
            Self::Delay { .. } => ("delay", "Delayed before it was processed."),
            Self::Status { .. } if after => ("status", "Processed, but answered with an error."),
            Self::Status { .. } => ("status", "Not processed: answered with an error."),
            Self::Html { .. } if after => ("html", "Processed, but answered with a page."),
            Self::Html { .. } => ("html", "Not processed: answered with a page."),
            Self::Close { .. } if after => ("close", "Processed, but the connection was closed."),
            Self::Close { .. } => ("close", "Not processed: the connection was closed."),
            Self::Truncated {} => (
                "truncated",
                "Processed, but only half of the response was sent.",
            ),
            Self::SlowDrip { .. } => ("slow_drip", "Processed, but the response was sent slowly."),
            Self::WithoutCors {} => ("without_cors", "The response had no CORS headers."),
        }
    }
}
