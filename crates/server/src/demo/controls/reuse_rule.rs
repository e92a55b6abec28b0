//! What a client has to believe of a provider with a policy, to be right.

use confidant_bff::Reuse;
use confidant_provider::{OldRefreshToken, PolicyChange, RefreshAnswer};
use std::time::Duration;

/// The grace of whom no window is known: that of the presets.
const GRACE: Duration = Duration::from_secs(30);

/// What is true of this policy, of which nothing is left out, for refresh
/// tokens that are bound to a key or for others.
pub(super) fn of(policy: &PolicyChange, bound: bool) -> Reuse {
    let answer = match bound {
        true => policy.bound_answer,
        false => policy.answer,
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
        // Good until its successor is used, and whoever lost the answer has
        // none to use.
        (_, Some(OldRefreshToken::UntilSuccessorUsed)) => Reuse::Grace(GRACE),
        // How many uses are left nobody can know.
        (_, Some(OldRefreshToken::Revoked | OldRefreshToken::Uses(_)) | None) => Reuse::Strict,
    }
}

/// What there is to believe, with its name and a sentence.
pub(super) const ALL: [(&str, &str, &str); 3] = [
    (
        "strict",
        "Strict",
        "A used refresh token is spent, and a second use reads as theft.",
    ),
    (
        "grace",
        "30 s of grace",
        "For half a minute a used refresh token may be sent again.",
    ),
    (
        "reusable",
        "Reusable",
        "A refresh token can be used again and again.",
    ),
];

/// The belief of that name.
pub(super) fn named(id: &str) -> Option<Reuse> {
    match id {
        "strict" => Some(Reuse::Strict),
        "grace" => Some(Reuse::Grace(GRACE)),
        "reusable" => Some(Reuse::Reusable),
        _ => None,
    }
}

/// Its name.
pub(super) fn name(reuse: Reuse) -> &'static str {
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
    fn the_presets_are_believed_as_they_are() {
        for (id, believed) in [
            ("strict", "strict"),
            ("grace_a", "grace"),
            ("grace_b", "grace"),
            ("grace_c", "grace"),
            ("static", "reusable"),
            ("omitted", "reusable"),
        ] {
            let preset = policy_presets().into_iter().find(|it| it.id == id);
            let policy = preset.unwrap().body.policy;
            assert_eq!(name(of(&policy, false)), believed, "{id}");
        }
    }

    #[test]
    fn what_is_bound_to_a_key_has_a_truth_of_its_own() {
        let strict = PolicyChange {
            answer: Some(RefreshAnswer::New),
            bound_answer: Some(RefreshAnswer::Same),
            old_refresh_token: Some(OldRefreshToken::Revoked),
            ..PolicyChange::default()
        };
        assert_eq!(of(&strict, false), Reuse::Strict);
        assert_eq!(of(&strict, true), Reuse::Reusable);
        let rotates = policy_presets()
            .into_iter()
            .find(|it| it.id == "bound_rotates");
        let rotates = strict.then(rotates.unwrap().body.policy);
        assert_eq!(of(&rotates, true), Reuse::Strict);
        let ignored = PolicyChange {
            reuse: Some(confidant_provider::Reuse::Ignored),
            ..strict
        };
        assert_eq!(of(&ignored, false), Reuse::Reusable);
    }

    #[test]
    fn every_belief_is_found_by_its_name() {
        for (id, ..) in ALL {
            assert_eq!(named(id).map(name), Some(id));
        }
        assert_eq!(named("anything"), None);
    }
}
