//! How things stand, for the panel to show.

use super::{Controls, reuse_rule};
use confidant_app::faults::{Armed, Belief, Choice, Clock, Panel, Policies};
use confidant_bff::Reuse;
use confidant_provider::{PolicyChange, RuleStatus, fault_presets, policy_presets};
use confidant_wire::ClientKind;

/// The kind whose tokens are bound to a key.
const DPOP: ClientKind = ClientKind::named("browser-dpop");

/// The presets on offer, by what they are about.
const POLICIES: [(&str, &[&str]); 4] = [
    (
        FOR_OTHERS,
        &[
            "strict", "grace_a", "grace_b", "grace_c", "static", "omitted",
        ],
    ),
    (
        "Access tokens from before a refresh",
        &["old_access_token_lives", "old_access_token_killed"],
    ),
    (
        "How long access tokens live",
        &["access_token_15_s", "access_token_60_s", "access_token_1_h"],
    ),
    (
        FOR_DPOP,
        &[
            "dpop_nonce",
            "no_dpop_nonce",
            "bound_stays",
            "bound_rotates",
        ],
    ),
];
const FOR_OTHERS: &str = "A used refresh token";
const FOR_DPOP: &str = "Tokens bound to a key";

impl Controls {
    pub(super) fn panel(&self, kind: ClientKind) -> Option<Panel> {
        let client = self.client(kind)?;
        let policy = self.provider.policy_of(client).ok()?;
        let rules = self.provider.faults();
        let clock = self.provider.clock();
        Some(Panel {
            provider: self.name.clone(),
            client: client.to_owned(),
            faults: faults(kind, &rules),
            armed: rules.iter().map(armed).collect(),
            policies: POLICIES
                .iter()
                // A token that is bound to a key has a policy of its own.
                .filter(|(about, _)| match kind == DPOP {
                    true => *about != FOR_OTHERS,
                    false => *about != FOR_DPOP,
                })
                .map(|(about, ids)| Policies {
                    about,
                    choices: choices(ids, policy),
                })
                .collect(),
            belief: self.belief(kind, &policy),
            clocks: vec![
                Clock {
                    id: "provider",
                    whose: "The provider’s clock",
                    fast_by: clock.provider_ms / 1000,
                },
                Clock {
                    id: "api",
                    whose: "The API’s clock",
                    fast_by: clock.api_ms / 1000,
                },
            ],
            people: self.provider.usernames(),
        })
    }

    fn belief(&self, kind: ClientKind, policy: &PolicyChange) -> Belief {
        let truth = reuse_rule::of(policy, kind == DPOP);
        if !kind.is_confidential() {
            // Built in: what is bound to a key need not rotate.
            let reuse = match kind == DPOP {
                true => Reuse::Reusable,
                false => Reuse::Strict,
            };
            return Belief {
                reuse,
                truth,
                choices: Vec::new(),
            };
        }
        let reuse = self.bff.reuse_rule(&self.id).unwrap_or(Reuse::Strict);
        let choice = |(id, name, words): (&str, &str, &str)| Choice {
            id: id.to_owned(),
            name: name.to_owned(),
            words: words.to_owned(),
            in_force: reuse_rule::name(reuse) == id,
        };
        Belief {
            reuse,
            truth,
            choices: reuse_rule::ALL.into_iter().map(choice).collect(),
        }
    }
}

fn faults(kind: ClientKind, rules: &[RuleStatus]) -> Vec<Choice> {
    let none = Choice {
        id: "none".to_owned(),
        name: "No fault".to_owned(),
        words: "Everything goes as it should.".to_owned(),
        in_force: rules.is_empty(),
    };
    fault_presets()
        .into_iter()
        // Nothing to those whose pages call nobody.
        .filter(|it| it.id != "without_cors" || kind != ClientKind::BFF)
        .map(|preset| Choice {
            id: preset.id.to_owned(),
            name: preset.name.to_owned(),
            words: preset.description.to_owned(),
            in_force: rules.iter().any(|it| it.rule == preset.body.rules[0]),
        })
        .chain([none])
        .collect()
}

fn choices(ids: &[&str], policy: PolicyChange) -> Vec<Choice> {
    policy_presets()
        .into_iter()
        .filter(|preset| ids.contains(&preset.id))
        .map(|preset| Choice {
            id: preset.id.to_owned(),
            name: preset.name.to_owned(),
            words: preset.description.to_owned(),
            // Setting it would change nothing.
            in_force: policy.then(preset.body.policy) == policy,
        })
        .collect()
}

fn armed(status: &RuleStatus) -> Armed {
    let mut presets = fault_presets().into_iter();
    let preset = presets.find(|it| it.body.rules[0] == status.rule);
    Armed {
        name: preset
            .map_or("A rule from elsewhere", |it| it.name)
            .to_owned(),
        struck: status.hits,
        left: (status.rule.times).map(|times| times.saturating_sub(status.hits)),
    }
}
