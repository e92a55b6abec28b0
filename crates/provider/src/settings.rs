//! What is set while the provider runs, and gone when it stops.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{config::Framing, faults::plan::FaultPlan, policy::PolicyChange};

/// Everything that the control API sets.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) faults: FaultPlan,
    pub(crate) clock: ClockOffsets,
    /// In the place of what is configured.
    pub(crate) framing: Option<Framing>,
    /// By client.
    pub(crate) policies: BTreeMap<String, PolicyChange>,
}

/// How far two clocks are off. What is left out is right.
///
/// A clock set forward ends what has expired by it, and setting it back does
/// not bring back what was forgotten since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClockOffsets {
    /// The provider's clock, in milliseconds; negative if it is slow.
    pub provider_ms: i64,
    /// The API's clock, likewise, and from the right time as well.
    pub api_ms: i64,
}
