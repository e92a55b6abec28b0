//! Faults and policies by name, so that a panel can offer them in one press.

mod faults;
mod policies;

use serde::Serialize;

use crate::{faults::rule::FaultRule, refresh::change::PolicyChange};

/// Everything that can be had in one press.
#[derive(Serialize)]
pub(super) struct Presets {
    faults: Vec<Preset<FaultRules>>,
    policies: Vec<Preset<PolicyBody>>,
}

#[derive(Serialize)]
struct Preset<T> {
    id: &'static str,
    name: &'static str,
    /// What it is, in a sentence.
    words: &'static str,
    #[serde(flatten)]
    body: T,
}

/// A body for `PUT /demo/faults`.
#[derive(Serialize)]
struct FaultRules {
    rules: [FaultRule; 1],
}

/// A body for `PUT /demo/policy/{client}`.
#[derive(Serialize)]
struct PolicyBody {
    policy: PolicyChange,
}

/// The presets.
pub(super) fn presets() -> Presets {
    Presets {
        faults: faults::faults(),
        policies: policies::policies(),
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
