//! Faults and policies by name, so that a panel can offer them in one press.

mod faults;
mod policies;

use serde::Serialize;

use crate::{faults::rule::FaultRule, policy::PolicyChange};

/// Everything that can be had in one press.
#[derive(Serialize)]
pub(super) struct Presets {
    faults: Vec<Preset<FaultRules>>,
    policies: Vec<Preset<PolicyBody>>,
}

/// A setting with a name.
#[derive(Clone, Debug, Serialize)]
pub struct Preset<T> {
    /// What programs call it.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it is, in a sentence.
    #[serde(rename = "words")]
    pub description: &'static str,
    /// The setting itself.
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

/// What can be made to go wrong in one press.
pub fn fault_presets() -> Vec<Preset<FaultRules>> {
    faults::faults()
}

/// Policies to be had in one press. Most say a part of one only.
pub fn policy_presets() -> Vec<Preset<PolicyBody>> {
    policies::policies()
}

/// The presets.
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
    fn every_preset_makes_a_plan_and_has_an_id_of_its_own() {
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
