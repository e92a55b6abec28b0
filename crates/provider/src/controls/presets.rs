//! Faults and policies by name, so that a panel can offer them in one press.

use std::time::Duration;

use serde::Serialize;

use crate::{
    faults::rule::{Fault, FaultRule, Moment},
    refresh::{
        change::PolicyChange,
        policy::{OldRefreshToken, RefreshAnswer, Reuse},
    },
};

/// How long the graces of the presets last: Okta's default.
const GRACE: Duration = Duration::from_secs(30);

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
        faults: faults(),
        policies: policies(),
    }
}

fn faults() -> Vec<Preset<FaultRules>> {
    let fault = |id, name, words, rule| Preset {
        id,
        name,
        words,
        body: FaultRules { rules: [rule] },
    };
    let once = FaultRule::next_refresh;
    let at = Moment::BeforeCommit;
    let status = |status, retry_after_s| Fault::Status {
        status,
        retry_after_s,
        at,
    };
    vec![
        fault(
            "lost_answer",
            "Lost answer",
            "The next refresh is processed, and its answer never arrives.",
            once(Fault::Close {
                at: Moment::AfterCommit,
            }),
        ),
        fault(
            "closed_connection",
            "Closed connection",
            "The next refresh is not processed: the connection is closed.",
            once(Fault::Close { at }),
        ),
        fault(
            "truncated_answer",
            "Half an answer",
            "The next refresh is processed, and its answer ends in the middle.",
            once(Fault::Truncated {}),
        ),
        fault(
            "503_once",
            "503 once",
            "The next refresh gets 503 and is not processed.",
            once(status(503, None)),
        ),
        fault(
            "lost_502",
            "502 instead of the answer",
            "The next refresh is processed, but a gateway loses the answer.",
            once(Fault::Status {
                status: 502,
                retry_after_s: None,
                at: Moment::AfterCommit,
            }),
        ),
        fault(
            "429_once",
            "429 once, 2 s",
            "The next refresh gets 429 and is to come back in two seconds.",
            once(status(429, Some(2))),
        ),
        fault(
            "html_once",
            "HTML once",
            "The next refresh gets a page with status 200 and is not processed.",
            once(Fault::Html { status: 200, at }),
        ),
        fault(
            "slow_3_s",
            "Slow, 3 s",
            "Every refresh takes three seconds, until faults are cleared.",
            FaultRule {
                times: None,
                ..once(Fault::Delay { ms: 3_000, at })
            },
        ),
        fault(
            "hang_30_s",
            "Hang, 30 s",
            "The next refresh hangs for thirty seconds before it is processed.",
            once(Fault::Delay { ms: 30_000, at }),
        ),
        fault(
            "slow_drip",
            "Slow drip, 10 s",
            "The next refresh is processed, and its answer takes ten seconds to arrive.",
            once(Fault::SlowDrip { over_ms: 10_000 }),
        ),
    ]
}

fn policies() -> Vec<Preset<PolicyBody>> {
    let policy = |id, name, words, answer, old| Preset {
        id,
        name,
        words,
        body: PolicyBody {
            policy: PolicyChange {
                answer: Some(answer),
                old_refresh_token: Some(old),
                reuse: Some(Reuse::FamilyRevoked),
                ..PolicyChange::default()
            },
        },
    };
    vec![
        policy(
            "strict",
            "Strict rotation",
            "A new refresh token each time; the old one used again ends everything.",
            RefreshAnswer::New,
            OldRefreshToken::Revoked,
        ),
        policy(
            "grace_a",
            "Grace A",
            "For 30 s the old refresh token gives another new pair.",
            RefreshAnswer::New,
            OldRefreshToken::GraceNewPair(GRACE),
        ),
        policy(
            "grace_b",
            "Grace B",
            "For 30 s the old refresh token gives the same new one again.",
            RefreshAnswer::New,
            OldRefreshToken::GraceSameSuccessor(GRACE),
        ),
        policy(
            "grace_c",
            "Grace C",
            "The old refresh token is good until a new one is first used.",
            RefreshAnswer::New,
            OldRefreshToken::UntilSuccessorUsed,
        ),
        policy(
            "static",
            "The same token",
            "Every answer has the same refresh token again.",
            RefreshAnswer::Same,
            OldRefreshToken::Revoked,
        ),
        policy(
            "omitted",
            "No token in the answer",
            "The answer has no refresh token: the client keeps its own.",
            RefreshAnswer::Omitted,
            OldRefreshToken::Revoked,
        ),
    ]
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
