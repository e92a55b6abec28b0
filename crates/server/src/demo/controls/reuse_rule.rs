//! Reuse rules: whether a client may present a refresh token again after it got
//! no response.

use confidant_bff::Reuse;
use confidant_provider::{OldRefreshToken, PolicyChange, RefreshAnswer};
use std::time::Duration;

/// The grace period if the policy states none: that of the presets.
const GRACE: Duration = Duration::from_secs(30);

/// Returns the rule that matches a provider with this policy. `bound` selects
/// refresh tokens that are bound to a key. The policy must be complete.
pub(super) fn of_policy(policy: &PolicyChange, bound: bool) -> Reuse {
    let answer = if bound {
        policy.bound_answer
    } else {
        policy.answer
    };
    if policy.reuse == Some(confidant_provider::Reuse::Ignored) {
        return Reuse::Reusable;
    }
    match (answer, policy.old_refresh_token) {
        (Some(RefreshAnswer::Same | RefreshAnswer::Omitted), _)
        | (_, Some(OldRefreshToken::Valid)) => Reuse::Reusable,
        (
            _,
            Some(
                OldRefreshToken::GraceNewPair(window) | OldRefreshToken::GraceSameSuccessor(window),
            ),
        ) => Reuse::Grace(window),
        // The token is valid until its successor is used. A client that lost the
        // response has no successor.
        (_, Some(OldRefreshToken::UntilSuccessorUsed)) => Reuse::Grace(GRACE),
        // The client cannot know how many uses are left.
        (_, Some(OldRefreshToken::Revoked | OldRefreshToken::Uses(_)) | None) => Reuse::Strict,
    }
}

/// The rules that an operator can choose: id, name and description.
pub(super) const ALL: [(&str, &str, &str); 3] = [
    (
        "strict",
        "Strict",
        "A used refresh token is invalid. The provider takes a second use for theft.",
    ),
    (
        "grace",
        "30 s of grace",
        "A used refresh token can be sent again for half a minute.",
    ),
    (
        "reusable",
        "Reusable",
        "A refresh token can be used any number of times.",
    ),
];

/// Returns the rule with this id.
pub(super) fn by_id(id: &str) -> Option<Reuse> {
    match id {
        "strict" => Some(Reuse::Strict),
        "grace" => Some(Reuse::Grace(GRACE)),
        "reusable" => Some(Reuse::Reusable),
        _ => None,
    }
}

/// Returns the id of a rule.
pub(super) fn id(reuse: Reuse) -> &'static str {
    match reuse {
        Reuse::Strict => "strict",
        Reuse::Grace(_) => "grace",
        Reuse::Reusable => "reusable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_provider::policy_presets;

    #[test]
    fn each_preset_has_a_matching_rule() {
        for (preset_id, expected) in [
            ("strict", "strict"),
            ("grace_a", "grace"),
            ("grace_b", "grace"),
            ("grace_c", "grace"),
            ("static", "reusable"),
            ("omitted", "reusable"),
        ] {
            let preset = policy_presets()
                .into_iter()
                .find(|preset| preset.id == preset_id);
            let policy = preset.unwrap().body.policy;
            assert_eq!(id(of_policy(&policy, false)), expected, "{preset_id}");
        }
    }

    #[test]
    fn refresh_tokens_bound_to_a_key_have_a_rule_of_their_own() {
        let strict = PolicyChange {
            answer: Some(RefreshAnswer::New),
            bound_answer: Some(RefreshAnswer::Same),
            old_refresh_token: Some(OldRefreshToken::Revoked),
            ..PolicyChange::default()
        };
        assert_eq!(of_policy(&strict, false), Reuse::Strict);
        assert_eq!(of_policy(&strict, true), Reuse::Reusable);
        let rotates = policy_presets()
            .into_iter()
            .find(|preset| preset.id == "bound_rotates");
        let rotates = strict.then(rotates.unwrap().body.policy);
        assert_eq!(of_policy(&rotates, true), Reuse::Strict);
        let ignored = PolicyChange {
            reuse: Some(confidant_provider::Reuse::Ignored),
            ..strict
        };
        assert_eq!(of_policy(&ignored, false), Reuse::Reusable);
    }

    #[test]
    fn every_rule_is_found_by_its_id() {
        for (rule, ..) in ALL {
            assert_eq!(by_id(rule).map(id), Some(rule));
        }
        assert_eq!(by_id("anything"), None);
    }
}
