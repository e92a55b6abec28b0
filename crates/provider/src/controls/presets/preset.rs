//! Presets and their bodies.

use serde::Serialize;

use crate::{faults::rule::FaultRule, policy::PolicyChange};

/// A named setting.
#[derive(Clone, Debug, Serialize)]
pub struct Preset<T> {
    /// The id for programs.
    pub id: &'static str,
    /// The name for users.
    pub name: &'static str,
    /// A sentence about the effect.
    #[serde(rename = "words")]
    pub description: &'static str,
    /// The setting.
    #[serde(flatten)]
    pub body: T,
}

/// A body for `PUT /demo/faults`.
#[derive(Clone, Debug, Serialize)]
pub struct FaultRules {
    /// The rules.
    pub rules: [FaultRule; 1],
}

/// A body for `PUT /demo/policy/{client}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PolicyBody {
    /// The change.
    pub policy: PolicyChange,
}
