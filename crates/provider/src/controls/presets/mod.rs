//! Named faults and policies, for a panel to offer as buttons.

mod faults;
mod policies;
mod preset;

use serde::Serialize;

pub use preset::{FaultRules, PolicyBody, Preset};

/// All presets.
#[derive(Serialize)]
pub(super) struct Presets {
    faults: Vec<Preset<FaultRules>>,
    policies: Vec<Preset<PolicyBody>>,
}

/// Returns the fault presets.
pub fn fault_presets() -> Vec<Preset<FaultRules>> {
    faults::faults()
}

/// Returns the policy presets. Most change one part of a policy only.
pub fn policy_presets() -> Vec<Preset<PolicyBody>> {
    policies::policies()
}

/// Returns all presets.
pub(super) fn presets() -> Presets {
    Presets {
        faults: fault_presets(),
        policies: policy_presets(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::faults::plan::FaultPlan;

    #[test]
    fn every_preset_is_valid_and_has_its_own_id() {
        let presets = presets();
        let mut ids = BTreeSet::new();
        for preset in presets.faults {
            assert!(FaultPlan::new(preset.body.rules.to_vec()).is_ok());
            assert!(ids.insert(preset.id));
        }
        for preset in presets.policies {
            assert!(ids.insert(preset.id));
        }
    }
}
