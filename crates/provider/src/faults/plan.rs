//! The plan: which request is befallen by what.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;

use super::rule::{Fault, FaultRule, FaultRuleError};
use crate::endpoints;

/// The most rules that a plan has.
const MAX_RULES: usize = 100;

/// Rules in order, with what they have done so far. The first that strikes
/// decides; those after it do not see the request.
#[derive(Default)]
pub(crate) struct FaultPlan(Vec<ActiveRule>);

struct ActiveRule {
    status: RuleStatus,
    chance: StdRng,
}

/// A rule, and what it has done so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleStatus {
    /// The rule itself.
    #[serde(flatten)]
    pub rule: FaultRule,
    /// How many requests that it is about came by.
    pub seen: u64,
    /// How many of them it struck.
    #[serde(rename = "struck")]
    pub hits: u64,
}

/// Why a list of rules makes no plan.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum FaultPlanError {
    /// There are too many.
    #[error("there are more than {MAX_RULES} rules")]
    TooMany,
    /// One of them makes no sense.
    #[error("rule {number} makes no sense: {why}")]
    Rule {
        /// Which, from 1.
        number: usize,
        /// Why.
        why: FaultRuleError,
    },
}

/// What a plan needs to know of a request.
#[derive(Clone, Debug)]
pub(crate) struct RequestInfo {
    pub(crate) endpoint: &'static str,
    /// The client that it names.
    pub(crate) client: Option<String>,
    pub(crate) grant_type: Option<String>,
}

impl FaultPlan {
    /// A plan of `rules`, none of which has seen anything.
    pub(crate) fn new(rules: Vec<FaultRule>) -> Result<Self, FaultPlanError> {
        if rules.len() > MAX_RULES {
            return Err(FaultPlanError::TooMany);
        }
        for (number, rule) in (1..).zip(&rules) {
            rule.check()
                .map_err(|why| FaultPlanError::Rule { number, why })?;
        }
        let active = |rule: FaultRule| ActiveRule {
            chance: StdRng::seed_from_u64(rule.seed),
            status: RuleStatus {
                rule,
                seen: 0,
                hits: 0,
            },
        };
        Ok(Self(rules.into_iter().map(active).collect()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules, in order.
    pub(crate) fn rules(&self) -> Vec<RuleStatus> {
        self.0.iter().map(|active| active.status.clone()).collect()
    }

    /// Whether a preflight of a request to `endpoint` goes without CORS
    /// headers. It tells neither the client nor the grant type.
    pub(crate) fn matches_preflight(&mut self, endpoint: &'static str) -> bool {
        self.0.iter_mut().any(|active| {
            let rule = &active.status.rule;
            let call = RequestInfo {
                endpoint,
                client: rule.client.clone(),
                grant_type: rule.grant_type.clone(),
            };
            rule.fault == Fault::WithoutCors {} && active.next_fault(&call).is_some()
        })
    }

    /// What befalls `call`, if anything.
    pub(crate) fn next_fault(&mut self, call: &RequestInfo) -> Option<Fault> {
        self.0.iter_mut().find_map(|active| active.next_fault(call))
    }
}

impl ActiveRule {
    fn next_fault(&mut self, call: &RequestInfo) -> Option<Fault> {
        let RuleStatus { rule, seen, hits } = &mut self.status;
        let concerned = rule
            .endpoint
            .as_deref()
            .is_none_or(|filter| endpoints::matches(filter, call.endpoint))
            && (rule.client.is_none() || rule.client == call.client)
            && (rule.grant_type.is_none() || rule.grant_type == call.grant_type);
        if !concerned {
            return None;
        }
        *seen += 1;
        if *seen <= rule.skip || rule.times.is_some_and(|times| *hits >= times) {
            return None;
        }
        if let Some(probability) = rule.probability
            && !self.chance.random_bool(probability)
        {
            return None;
        }
        *hits += 1;
        Some(rule.fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::rule::FaultTiming;

    const HANG: Fault = Fault::SlowDrip { over_ms: 30_000 };
    const LOST: Fault = Fault::Close {
        at: FaultTiming::AfterCommit,
    };

    fn call(endpoint: &'static str, client: &str, grant_type: &str) -> RequestInfo {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        RequestInfo {
            endpoint,
            client: given(client),
            grant_type: given(grant_type),
        }
    }

    fn refresh() -> RequestInfo {
        call("/token", "web", "refresh_token")
    }

    fn plan(rules: &[FaultRule]) -> FaultPlan {
        FaultPlan::new(rules.to_vec()).unwrap()
    }

    /// Which of the next refreshes are struck.
    fn hits(plan: &mut FaultPlan, requests: usize) -> Vec<bool> {
        let hit = |_| plan.next_fault(&refresh()).is_some();
        (0..requests).map(hit).collect()
    }

    #[test]
    fn a_rule_strikes_after_those_it_skips_and_as_often_as_it_says() {
        let mut plan = plan(&[FaultRule {
            skip: 1,
            times: Some(2),
            ..FaultRule::new(LOST)
        }]);
        assert_eq!(hits(&mut plan, 5), [false, true, true, false, false]);
        let status = &plan.rules()[0];
        assert_eq!((status.seen, status.hits), (5, 2));
    }

    #[test]
    fn a_rule_sees_only_the_requests_that_it_is_about() {
        let mut plan = plan(&[FaultRule {
            client: Some("web".to_owned()),
            ..FaultRule::next_refresh(LOST)
        }]);
        for other in [
            call("/revoke", "web", "refresh_token"),
            call("/token", "spa", "refresh_token"),
            call("/token", "", "refresh_token"),
            call("/token", "web", "authorization_code"),
            call("/token", "web", ""),
        ] {
            assert_eq!(plan.next_fault(&other), None, "{other:?}");
        }
        assert_eq!(plan.rules()[0].seen, 0);
        assert_eq!(plan.next_fault(&refresh()), Some(LOST));
    }

    #[test]
    fn a_star_stands_for_the_rest_of_a_path() {
        let mut plan = plan(&[FaultRule {
            endpoint: Some("/api/*".to_owned()),
            ..FaultRule::new(LOST)
        }]);
        assert_eq!(plan.next_fault(&refresh()), None);
        assert_eq!(plan.next_fault(&call("/api/me", "", "")), Some(LOST));
    }

    #[test]
    fn a_preflight_is_struck_by_what_concerns_it_only() {
        let mut plan = plan(&[
            FaultRule::new(LOST),
            FaultRule::next_refresh(Fault::WithoutCors {}),
        ]);
        assert!(!plan.matches_preflight("/userinfo"));
        assert!(plan.matches_preflight("/token"));
        assert!(!plan.matches_preflight("/token"));
        assert_eq!(plan.rules()[0].seen, 0);
    }

    #[test]
    fn when_one_rule_is_done_the_next_takes_over() {
        let mut plan = plan(&[FaultRule::next_refresh(LOST), FaultRule::new(HANG)]);
        assert_eq!(plan.next_fault(&refresh()), Some(LOST));
        assert_eq!(plan.rules()[1].seen, 0);
        assert_eq!(plan.next_fault(&refresh()), Some(HANG));
    }

    #[test]
    fn chances_follow_from_the_seed_alone() {
        let seeded = |seed| {
            hits(
                &mut plan(&[FaultRule {
                    probability: Some(0.5),
                    seed,
                    ..FaultRule::new(LOST)
                }]),
                200,
            )
        };
        assert_eq!(seeded(7), seeded(7));
        assert_ne!(seeded(7), seeded(8));
        let hits = seeded(7).iter().filter(|hits| **hits).count();
        assert!((60..140).contains(&hits), "{hits} of 200");
    }

    #[test]
    fn a_rule_that_makes_no_sense_is_named() {
        let bad = [
            FaultRule {
                endpoint: Some("/demo".to_owned()),
                ..FaultRule::new(LOST)
            },
            FaultRule {
                probability: Some(f64::NAN),
                ..FaultRule::new(LOST)
            },
            FaultRule::new(Fault::SlowDrip { over_ms: 600_001 }),
            FaultRule::new(Fault::Status {
                status: 200,
                retry_after_s: None,
                at: FaultTiming::BeforeCommit,
            }),
        ];
        let expected = [
            FaultRuleError::Endpoint,
            FaultRuleError::Probability,
            FaultRuleError::Time,
            FaultRuleError::Status,
        ];
        for (rule, why) in bad.into_iter().zip(expected) {
            let result = FaultPlan::new(vec![FaultRule::new(LOST), rule]).err();
            assert_eq!(result, Some(FaultPlanError::Rule { number: 2, why }));
        }
        let many = vec![FaultRule::new(LOST); 101];
        assert_eq!(FaultPlan::new(many).err(), Some(FaultPlanError::TooMany));
    }
}
