use super::{pause::LONGEST, *};
use crate::grant::{GrantId, TokenRequirement};
use confidant_protocol::Ambiguity;
use std::time::Duration;

const LOST: Outcome = Outcome::Ambiguous(Ambiguity::NoResponse);

fn id(grant: &str) -> GrantId {
    GrantId(grant.into())
}

fn narrowed(resource: &str) -> TokenRequirement {
    TokenRequirement {
        resource: Some(resource.into()),
        scope: None,
    }
}

fn limited(seconds: u64) -> Outcome {
    Outcome::RateLimited {
        retry_after: Some(Duration::from_secs(seconds)),
    }
}

impl Backoff {
    fn admit_at(&mut self, now: UnixMillis, grant: &str) -> Result<(), TokenError> {
        self.admit_for(now, grant, &TokenRequirement::default())
    }

    fn admit_for(
        &mut self,
        now: UnixMillis,
        grant: &str,
        requirement: &TokenRequirement,
    ) -> Result<(), TokenError> {
        let request = RefreshRequest {
            provider: "p",
            grant: &id(grant),
            requirement,
        };
        self.admit(request, now)
    }

    fn record_at(&mut self, now: UnixMillis, grant: &str, outcome: &Outcome) {
        self.record_for(now, grant, &TokenRequirement::default(), outcome);
    }

    fn record_for(
        &mut self,
        now: UnixMillis,
        grant: &str,
        requirement: &TokenRequirement,
        outcome: &Outcome,
    ) {
        let request = RefreshRequest {
            provider: "p",
            grant: &id(grant),
            requirement,
        };
        self.record(request, &outcome.clone().into(), now);
    }

    /// Whether a grant that has not failed is paused.
    fn is_paused_at(&mut self, now: UnixMillis) -> bool {
        self.admit_at(now, "another grant").is_err()
    }
}

fn down() -> Backoff {
    let mut backoff = Backoff::default();
    for grant in ["a", "b", "c"] {
        assert_eq!(backoff.admit_at(0, grant), Ok(()));
        backoff.record_at(0, grant, &LOST);
    }
    backoff
}

#[test]
fn a_provider_that_is_down_gets_one_probe_at_a_time() {
    let mut backoff = down();
    assert!(backoff.is_paused_at(499));
    let grants = (0..50).map(|number| number.to_string());
    let passed = grants.filter(|grant| backoff.admit_at(500, grant).is_ok());
    assert_eq!(passed.count(), 1);
}

#[test]
fn pauses_grow_and_end_with_the_first_response() {
    let mut backoff = down();
    assert_eq!(backoff.admit_at(500, "d"), Ok(()));
    backoff.record_at(500, "d", &LOST);
    assert!(backoff.is_paused_at(1499));
    assert_eq!(backoff.admit_at(1500, "e"), Ok(()));
    backoff.record_at(1500, "e", &Outcome::Dead("invalid_grant".into()));
    assert_eq!(backoff.admit_at(1500, "e"), Ok(()));
    assert!(!backoff.is_paused_at(1500));
    assert!(pause::length(40) == LONGEST);
}

#[test]
fn a_provider_that_is_down_does_not_pause_another() {
    let request = RefreshRequest {
        provider: "q",
        grant: &id("a"),
        requirement: &TokenRequirement::default(),
    };
    let mut backoff = Backoff::default();
    for grant in ["a", "b", "c"] {
        backoff.record_at(0, grant, &LOST);
    }
    assert!(backoff.is_paused_at(0));
    assert_eq!(backoff.admit(request, 0), Ok(()));
}

#[test]
fn a_pause_that_the_provider_requests_is_kept_up_to_a_limit() {
    for (asked, until) in [(7, 7_000), (86_400, 300_000)] {
        let retry_after = Some(Duration::from_secs(asked));
        let mut backoff = Backoff::default();
        backoff.record_at(0, "a", &Outcome::Transient { retry_after });
        assert!(backoff.is_paused_at(until - 1));
        assert!(!backoff.is_paused_at(until));
        // A rate limit concerns the grant alone.
        let mut backoff = Backoff::default();
        backoff.record_at(0, "a", &Outcome::RateLimited { retry_after });
        assert!(backoff.admit_at(until - 1, "a").is_err());
        assert_eq!(backoff.admit_at(until, "a"), Ok(()));
        assert!(!backoff.is_paused_at(0));
    }
}

#[test]
fn only_failures_of_several_grants_pause_other_grants() {
    let transient = Outcome::Transient { retry_after: None };
    let error = || "error".to_owned();
    for (outcome, grants, paused) in [
        (LOST, ["a", "a", "a"], false),
        (LOST, ["a", "b", "b"], false),
        (LOST, ["a", "b", "c"], true),
        (transient.clone(), ["a", "a", "a"], false),
        (transient, ["a", "b", "c"], true),
        (limited(10), ["a", "a", "a"], false),
        (limited(10), ["a", "b", "a"], false),
        (limited(10), ["a", "b", "c"], true),
        (
            Outcome::RateLimited { retry_after: None },
            ["a", "b", "c"],
            true,
        ),
        (Outcome::Misconfigured(error()), ["a", "b", "c"], false),
        (Outcome::RequestRefused(error()), ["a", "b", "c"], false),
        (Outcome::Dead(error()), ["a", "b", "c"], false),
    ] {
        let mut backoff = Backoff::default();
        for grant in grants {
            backoff.record_at(0, grant, &outcome);
        }
        assert_eq!(backoff.is_paused_at(0), paused, "{outcome:?} {grants:?}");
    }
    let mut backoff = Backoff::default();
    for grant in ["a", "b", "c"] {
        let request = RefreshRequest {
            provider: "p",
            grant: &id(grant),
            requirement: &TokenRequirement::default(),
        };
        backoff.record(request, &RefreshOutcome::LeaseExpired, 0);
    }
    assert!(!backoff.is_paused_at(0));
}

#[test]
fn rate_limits_far_apart_do_not_concern_the_provider() {
    for (apart, paused) in [(4_999, true), (5_000, false)] {
        let mut backoff = Backoff::default();
        for (number, grant) in ["a", "b", "c"].into_iter().enumerate() {
            backoff.record_at(apart * number as u64, grant, &limited(60));
        }
        assert_eq!(backoff.is_paused_at(2 * apart), paused, "{apart} ms");
    }
}

#[test]
fn a_provider_s_rate_limit_is_probed_as_if_it_were_down() {
    let mut backoff = Backoff::default();
    for grant in ["a", "b", "c"] {
        backoff.record_at(0, grant, &limited(10));
    }
    assert!(backoff.is_paused_at(9_999));
    assert_eq!(backoff.admit_at(10_000, "d"), Ok(()));
    assert!(backoff.is_paused_at(10_000));
    backoff.record_at(10_000, "d", &limited(10));
    assert!(backoff.is_paused_at(19_999));
    assert!(!backoff.is_paused_at(20_000));
    // However long the requested pause is, it ends soon.
    let mut backoff = Backoff::default();
    for grant in ["a", "b", "c"] {
        backoff.record_at(0, grant, &limited(300));
    }
    assert!(!backoff.is_paused_at(30_000));
}

#[test]
fn responses_to_requests_from_before_the_pause_do_not_lengthen_it() {
    let mut backoff = down();
    for grant in 0..50 {
        backoff.record_at(100, &grant.to_string(), &LOST);
    }
    assert!(!backoff.is_paused_at(500));
}

#[test]
fn a_grant_whose_probes_keep_failing_does_not_lengthen_the_provider_s_pause() {
    let mut backoff = down();
    let mut now = 0;
    for _ in 0..10 {
        now += 60_000;
        assert_eq!(backoff.admit_at(now, "a"), Ok(()));
        backoff.record_at(now, "a", &LOST);
    }
    // Its own pause has the maximal length by now, the provider's has not.
    assert!(backoff.admit_at(now + 29_999, "a").is_err());
    assert!(!backoff.is_paused_at(now + 1_000));
}

#[test]
fn a_grant_whose_refreshes_keep_failing_is_refreshed_less_and_less_often() {
    for outcome in [
        LOST,
        Outcome::Transient { retry_after: None },
        Outcome::RateLimited { retry_after: None },
        Outcome::Misconfigured("not_allowed".into()),
    ] {
        let mut backoff = Backoff::default();
        let (mut sent, mut now) = (0, 0);
        // Ten times a second, for a minute.
        while now < 60_000 {
            if backoff.admit_at(now, "a").is_ok() {
                backoff.record_at(now, "a", &outcome);
                sent += 1;
            }
            assert!(!backoff.is_paused_at(now), "{outcome:?}");
            now += 100;
        }
        // Three at once, and then after 0.5, 1, 2, 4, 8, 16 and 30 seconds.
        assert_eq!(sent, 9, "{outcome:?}");
        backoff.record_at(now, "a", &Outcome::Dead("invalid_grant".into()));
        assert_eq!(backoff.admit_at(now, "a"), Ok(()));
    }
}

#[test]
fn a_refused_resource_pauses_requests_for_it_and_no_others() {
    let mut backoff = Backoff::default();
    let (refused, other) = (narrowed("a"), narrowed("b"));
    for _ in 0..3 {
        assert_eq!(backoff.admit_for(0, "g", &refused), Ok(()));
        let outcome = Outcome::RequestRefused("invalid_target".into());
        backoff.record_for(0, "g", &refused, &outcome);
    }
    let expected = Err(TokenError::RequestRefused("invalid_target".into()));
    assert_eq!(backoff.admit_for(499, "g", &refused), expected);
    assert_eq!(backoff.admit_for(0, "g", &other), Ok(()));
    assert_eq!(backoff.admit_at(0, "g"), Ok(()));
    assert_eq!(backoff.admit_for(500, "g", &refused), Ok(()));
}

#[test]
fn during_its_pause_a_misconfigured_client_is_reported_as_such() {
    let mut backoff = Backoff::default();
    for _ in 0..3 {
        backoff.record_at(0, "a", &Outcome::Misconfigured("invalid_client".into()));
    }
    let expected = Err(TokenError::Misconfigured("invalid_client".into()));
    assert_eq!(backoff.admit_at(499, "a"), expected);
}
