//! Settings that change while the provider runs and end with the process.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{config::Framing, faults::plan::FaultPlan, policy::PolicyChange};

/// Everything that the control API sets.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) faults: FaultPlan,
    pub(crate) clock: ClockOffsets,
    /// Overrides the configured value.
    pub(crate) framing: Option<Framing>,
    /// By client.
    pub(crate) policies: BTreeMap<String, PolicyChange>,
}

/// The offsets of the provider's and the API's clocks from the real time. An
/// offset left out of the JSON is zero.
///
/// A clock set forward ends what has expired by it. Setting it back does not
/// restore records that the provider removed meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClockOffsets {
    /// The offset of the provider's clock in milliseconds; negative if slow.
    pub provider_ms: i64,
    /// The offset of the API's clock in milliseconds; negative if slow.
    pub api_ms: i64,
}
