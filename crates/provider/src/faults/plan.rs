//! Fault plans: which requests each fault applies to.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;

use super::rule::{Fault, FaultRule, FaultRuleError};
use crate::endpoints;

/// The largest number of rules in a plan.
const MAX_RULES: usize = 100;

/// Rules in order, with their counts. The first rule that applies a fault to a
/// request decides, and later rules do not see the request.
#[derive(Default)]
pub(crate) struct FaultPlan(Vec<ActiveRule>);

struct ActiveRule {
    status: RuleStatus,
    random: StdRng,
}

/// A rule and its counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleStatus {
    /// The rule.
    #[serde(flatten)]
    pub rule: FaultRule,
    /// The number of matching requests.
    pub seen: u64,
    /// The number of matching requests that got the fault.
    pub hits: u64,
}

/// The reason why a list of rules is invalid.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum FaultPlanError {
    /// The list is too long.
    #[error("a plan can have {MAX_RULES} rules at most")]
    TooMany,
    /// A rule is invalid.
    #[error("rule {number} is invalid: {error}")]
    Rule {
        /// The position of the rule, starting at 1.
        number: usize,
        /// The reason.
        error: FaultRuleError,
    },
}

/// What a plan must know about a request.
#[derive(Clone, Debug)]
pub(crate) struct RequestInfo {
    pub(crate) endpoint: &'static str,
    /// The client that the request names.
    pub(crate) client: Option<String>,
    pub(crate) grant_type: Option<String>,
}

impl FaultPlan {
    /// Returns a plan whose counts are zero.
    pub(crate) fn new(rules: Vec<FaultRule>) -> Result<Self, FaultPlanError> {
        if rules.len() > MAX_RULES {
            return Err(FaultPlanError::TooMany);
        }
        for (number, rule) in (1..).zip(&rules) {
            rule.check()
                .map_err(|error| FaultPlanError::Rule { number, error })?;
        }
        let activate = |rule: FaultRule| ActiveRule {
            random: StdRng::seed_from_u64(rule.seed),
            status: RuleStatus {
                rule,
                seen: 0,
                hits: 0,
            },
        };
        Ok(Self(rules.into_iter().map(activate).collect()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the rules in order.
    pub(crate) fn rules(&self) -> Vec<RuleStatus> {
        self.0.iter().map(|rule| rule.status.clone()).collect()
    }

    /// Returns whether the response to a preflight for `endpoint` must have no
    /// CORS headers. A preflight names neither client nor grant type.
    pub(crate) fn matches_preflight(&mut self, endpoint: &'static str) -> bool {
        self.0.iter_mut().any(|active| {
            let rule = &active.status.rule;
            let preflight = RequestInfo {
                endpoint,
                client: rule.client.clone(),
                grant_type: rule.grant_type.clone(),
            };
            rule.fault == Fault::WithoutCors {} && active.next_fault(&preflight).is_some()
        })
    }

    /// Returns the fault for `request`, if any, and updates the counts.
    pub(crate) fn next_fault(&mut self, request: &RequestInfo) -> Option<Fault> {
        self.0.iter_mut().find_map(|rule| rule.next_fault(request))
    }
}

impl ActiveRule {
    fn next_fault(&mut self, request: &RequestInfo) -> Option<Fault> {
        let RuleStatus { rule, seen, hits } = &mut self.status;
        let matches = rule
            .endpoint
            .as_deref()
            .is_none_or(|filter| endpoints::matches(filter, request.endpoint))
            && (rule.client.is_none() || rule.client == request.client)
            && (rule.grant_type.is_none() || rule.grant_type == request.grant_type);
        if !matches {
            return None;
        }
        *seen += 1;
        if *seen <= rule.skip || rule.times.is_some_and(|times| *hits >= times) {
            return None;
        }
        if let Some(probability) = rule.probability
            && !self.random.random_bool(probability)
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

    fn request(endpoint: &'static str, client: &str, grant_type: &str) -> RequestInfo {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        RequestInfo {
            endpoint,
            client: given(client),
            grant_type: given(grant_type),
        }
    }

    fn refresh() -> RequestInfo {
        request("/token", "web", "refresh_token")
    }

    fn plan(rules: &[FaultRule]) -> FaultPlan {
        FaultPlan::new(rules.to_vec()).unwrap()
    }

    /// Returns which of the next refreshes get a fault.
    fn hits(plan: &mut FaultPlan, requests: usize) -> Vec<bool> {
        let hit = |_| plan.next_fault(&refresh()).is_some();
        (0..requests).map(hit).collect()
    }

    #[test]
    fn a_rule_applies_after_the_skipped_requests_and_as_often_as_it_says() {
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
    fn a_rule_counts_matching_requests_only() {
        let mut plan = plan(&[FaultRule {
            client: Some("web".to_owned()),
            ..FaultRule::next_refresh(LOST)
        }]);
        for other in [
            request("/revoke", "web", "refresh_token"),
            request("/token", "spa", "refresh_token"),
            request("/token", "", "refresh_token"),
            request("/token", "web", "authorization_code"),
            request("/token", "web", ""),
        ] {
            assert_eq!(plan.next_fault(&other), None, "{other:?}");
        }
        assert_eq!(plan.rules()[0].seen, 0);
        assert_eq!(plan.next_fault(&refresh()), Some(LOST));
    }

    #[test]
    fn a_star_matches_the_rest_of_a_path() {
        let mut plan = plan(&[FaultRule {
            endpoint: Some("/api/*".to_owned()),
            ..FaultRule::new(LOST)
        }]);
        assert_eq!(plan.next_fault(&refresh()), None);
        assert_eq!(plan.next_fault(&request("/api/me", "", "")), Some(LOST));
    }

    #[test]
    fn only_missing_cors_headers_apply_to_a_preflight() {
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
    fn when_one_rule_is_used_up_the_next_applies() {
        let mut plan = plan(&[FaultRule::next_refresh(LOST), FaultRule::new(HANG)]);
        assert_eq!(plan.next_fault(&refresh()), Some(LOST));
        assert_eq!(plan.rules()[1].seen, 0);
        assert_eq!(plan.next_fault(&refresh()), Some(HANG));
    }

    #[test]
    fn random_decisions_depend_on_the_seed_alone() {
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
        let hits = seeded(7).iter().filter(|hit| **hit).count();
        assert!((60..140).contains(&hits), "{hits} of 200");
    }

    #[test]
    fn the_error_names_the_invalid_rule() {
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
        for (rule, error) in bad.into_iter().zip(expected) {
            let result = FaultPlan::new(vec![FaultRule::new(LOST), rule]).err();
            assert_eq!(result, Some(FaultPlanError::Rule { number: 2, error }));
        }
        let many = vec![FaultRule::new(LOST); 101];
        assert_eq!(FaultPlan::new(many).err(), Some(FaultPlanError::TooMany));
    }
}
