//! The state that the fault panel shows.

use super::{Controls, reuse_rule};
use confidant_app::faults::{ActiveRule, Choice, Clock, Panel, Policies, ReuseRule};
use confidant_bff::Reuse;
use confidant_provider::{PolicyChange, RuleStatus, fault_presets, policy_presets};
use confidant_wire::ClientKind;

/// The client kind whose tokens are bound to a key (DPoP, RFC 9449).
const DPOP: ClientKind = ClientKind::named("browser-dpop");

/// The presets that the panel offers, by subject.
const POLICIES: [(&str, &[&str]); 4] = [
    (
        USED_REFRESH_TOKEN,
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
        BOUND_TOKENS,
        &[
            "dpop_nonce",
            "no_dpop_nonce",
            "bound_stays",
            "bound_rotates",
        ],
    ),
];
const USED_REFRESH_TOKEN: &str = "A used refresh token";
const BOUND_TOKENS: &str = "Tokens bound to a key";

impl Controls {
    /// Returns the panel of this client kind. Returns `None` if the provider has
    /// no such client.
    pub(super) fn panel(&self, kind: ClientKind) -> Option<Panel> {
        let client = self.client(kind)?;
        let policy = self.provider.policy_of(client).ok()?;
        let rules = self.provider.faults();
        let clock = self.provider.clock();
        Some(Panel {
            provider: self.name.clone(),
            client: client.to_owned(),
            faults: faults(kind, &rules),
            active_rules: rules.iter().map(active_rule).collect(),
            policies: policies(kind, policy),
            reuse_rule: self.reuse_rule(kind, &policy),
            clocks: vec![
                Clock {
                    id: "provider",
                    owner: "The provider’s clock",
                    fast_by: clock.provider_ms / 1000,
                },
                Clock {
                    id: "api",
                    owner: "The API’s clock",
                    fast_by: clock.api_ms / 1000,
                },
            ],
            users: self.provider.usernames(),
        })
    }

    /// Returns the client's reuse rule and the one that matches the provider's
    /// policy.
    fn reuse_rule(&self, kind: ClientKind, policy: &PolicyChange) -> ReuseRule {
        let actual = reuse_rule::of_policy(policy, kind == DPOP);
        if !kind.is_confidential() {
            // The rule of a public client is built in. A refresh token that is
            // bound to a key need not rotate (RFC 9700, section 4.14.2).
            let assumed = if kind == DPOP {
                Reuse::Reusable
            } else {
                Reuse::Strict
            };
            return ReuseRule {
                assumed,
                actual,
                choices: Vec::new(),
            };
        }
        let assumed = self.bff.reuse_rule(&self.id).unwrap_or(Reuse::Strict);
        let choice = |(id, name, description): (&str, &str, &str)| Choice {
            id: id.to_owned(),
            name: name.to_owned(),
            words: description.to_owned(),
            in_force: reuse_rule::id(assumed) == id,
        };
        ReuseRule {
            assumed,
            actual,
            choices: reuse_rule::ALL.into_iter().map(choice).collect(),
        }
    }
}

fn policies(kind: ClientKind, policy: PolicyChange) -> Vec<Policies> {
    // Bound refresh tokens have a policy of their own.
    let hidden = if kind == DPOP {
        USED_REFRESH_TOKEN
    } else {
        BOUND_TOKENS
    };
    POLICIES
        .iter()
        .filter(|(about, _)| *about != hidden)
        .map(|(about, ids)| Policies {
            about,
            choices: choices(ids, policy),
        })
        .collect()
}

fn faults(kind: ClientKind, rules: &[RuleStatus]) -> Vec<Choice> {
    let none = Choice {
        id: "none".to_owned(),
        name: "No fault".to_owned(),
        words: "The provider responds normally.".to_owned(),
        in_force: rules.is_empty(),
    };
    fault_presets()
        .into_iter()
        // The pages of this kind send no cross-origin requests.
        .filter(|preset| preset.id != "without_cors" || kind != ClientKind::BFF)
        .map(|preset| Choice {
            id: preset.id.to_owned(),
            name: preset.name.to_owned(),
            words: preset.description.to_owned(),
            in_force: rules
                .iter()
                .any(|status| status.rule == preset.body.rules[0]),
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
            // The preset is in force if it would change nothing.
            in_force: policy.then(preset.body.policy) == policy,
        })
        .collect()
}

fn active_rule(status: &RuleStatus) -> ActiveRule {
    let mut presets = fault_presets().into_iter();
    let preset = presets.find(|preset| preset.body.rules[0] == status.rule);
    ActiveRule {
        name: preset
            .map_or("Another rule", |preset| preset.name)
            .to_owned(),
        hits: status.hits,
        remaining: (status.rule.times).map(|times| times.saturating_sub(status.hits)),
    }
}
