//! The cases in which refresh policies differ, tested on the decision and the
//! records without a server.

use std::time::Duration;

use crate::{
    clock::UnixTime,
    digest::Digest,
    oauth::{pkce::Challenge, scope::Scope},
    policy::{OldRefreshToken, RefreshLifetime, RefreshPolicy, Reuse},
    randomness::SystemRandomness,
    records::{
        codes::AuthorizationCode,
        issue::{IssueContext, redeem_code},
        refresh::{PresentedToken, refresh},
        store::Records,
    },
    refresh::reason::Reason,
};

const HOUR: Duration = Duration::from_secs(3600);
const WINDOW: Duration = Duration::from_secs(10);
const NOW: Duration = Duration::ZERO;
const A: OldRefreshToken = OldRefreshToken::GraceNewPair(WINDOW);
const B: OldRefreshToken = OldRefreshToken::GraceSameSuccessor(WINDOW);
const C: OldRefreshToken = OldRefreshToken::UntilSuccessorUsed;

/// A token family under one policy.
struct Scenario {
    records: Records,
    policy: RefreshPolicy,
    first: String,
}

impl Scenario {
    fn with_old_token(old: OldRefreshToken) -> Self {
        Self::with_policy(RefreshPolicy {
            old_refresh_token: old,
            ..RefreshPolicy::rotate_strict(RefreshLifetime::FixedFromFirst(HOUR))
        })
    }

    fn with_policy(policy: RefreshPolicy) -> Self {
        let mut records = Records::default();
        let code = AuthorizationCode {
            client: "web".into(),
            redirect_uri: String::new(),
            challenge: Challenge::parse(&"c".repeat(43)).unwrap(),
            nonce: None,
            scope: Scope::parse("openid offline_access"),
            subject: "1".into(),
            auth_time: context(NOW).now,
            session: 1,
            key: None,
            offline: true,
            expires_at: context(HOUR).now,
            redeemed_for: None,
        };
        let issued = redeem_code(&mut records, &Digest::of("code"), &code, &context(NOW));
        Self {
            records,
            policy,
            first: issued.refresh_token.unwrap(),
        }
    }

    /// Presents a token. Returns the reason for the decision and the refresh
    /// token in the response.
    fn present(&mut self, token: &str, after: Duration) -> (Reason, Option<String>) {
        self.present_as("web", token, after)
    }

    fn present_as(
        &mut self,
        client: &str,
        token: &str,
        after: Duration,
    ) -> (Reason, Option<String>) {
        let presented = PresentedToken {
            client,
            refresh_token: token,
            scope: None,
        };
        let result = refresh(&mut self.records, &presented, &self.policy, &context(after));
        let issued = result.issued.and_then(|issued| issued.refresh_token);
        (result.decision.reason, issued)
    }

    /// Presents a token and returns the refresh token in the response, which
    /// must have one.
    #[track_caller]
    fn refreshed(&mut self, token: &str, after: Duration) -> String {
        let (reason, issued) = self.present(token, after);
        issued.unwrap_or_else(|| panic!("refused: {reason:?}"))
    }

    fn is_revoked(&self) -> bool {
        self.records.families.get(1).unwrap().revoked.is_some()
    }
}

fn context(after: Duration) -> IssueContext<'static> {
    IssueContext {
        now: UnixTime::from_millis(1_000_000).plus(after),
        access_token_lifetime: Duration::from_secs(60),
        randomness: &SystemRandomness,
        successor_key: "a key",
        key: None,
        binds_refresh_tokens: true,
    }
}

// 1. The response is lost after the rotation, and the client retries.

#[test]
fn without_a_grace_period_a_retry_after_a_lost_response_revokes_the_family() {
    let mut scenario = Scenario::with_old_token(OldRefreshToken::Revoked);
    let first = scenario.first.clone();
    scenario.refreshed(&first, NOW);
    assert_eq!(scenario.present(&first, NOW), (Reason::Reused, None));
    assert!(scenario.is_revoked());
}

#[test]
fn grace_a_gives_each_retry_another_valid_pair() {
    let mut scenario = Scenario::with_old_token(A);
    let first = scenario.first.clone();
    let lost = scenario.refreshed(&first, NOW);
    let (reason, second) = scenario.present(&first, WINDOW / 2);
    assert_eq!(reason, Reason::NewPairInGrace);
    let second = second.unwrap();
    assert_ne!(second, lost);
    scenario.refreshed(&second, HOUR / 2);
    scenario.refreshed(&lost, HOUR / 2);
}

#[test]
fn grace_b_gives_each_retry_the_same_successor() {
    let mut scenario = Scenario::with_old_token(B);
    let first = scenario.first.clone();
    let lost = scenario.refreshed(&first, NOW);
    for _ in 0..3 {
        let again = scenario.present(&first, WINDOW / 2);
        assert_eq!(again, (Reason::SameSuccessor, Some(lost.clone())));
    }
    scenario.refreshed(&lost, HOUR / 2);
    assert!(!scenario.is_revoked());
}

#[test]
fn grace_c_keeps_the_old_token_until_its_successor_is_used() {
    let mut scenario = Scenario::with_old_token(C);
    let first = scenario.first.clone();
    let lost = scenario.refreshed(&first, NOW);
    let second = scenario.refreshed(&first, HOUR / 2);
    assert_ne!(second, lost);
    scenario.refreshed(&second, HOUR / 2);
    assert_eq!(scenario.present(&first, HOUR / 2).0, Reason::Reused);
}

#[test]
fn a_grace_period_ends_to_the_millisecond_and_retries_do_not_extend_it() {
    for old in [A, B] {
        let mut scenario = Scenario::with_old_token(old);
        let first = scenario.first.clone();
        scenario.refreshed(&first, NOW);
        scenario.refreshed(&first, WINDOW - Duration::from_millis(1));
        assert_eq!(scenario.present(&first, WINDOW).0, Reason::Reused);
    }
}

// 2. Two tabs refresh at once.

#[test]
fn two_tabs_refreshing_at_once_both_succeed_in_a_grace_period_only() {
    for old in [A, B, C] {
        let mut scenario = Scenario::with_old_token(old);
        let first = scenario.first.clone();
        scenario.refreshed(&first, NOW);
        scenario.refreshed(&first, NOW);
        assert!(!scenario.is_revoked(), "{old:?}");
    }
    let mut scenario = Scenario::with_old_token(OldRefreshToken::Revoked);
    let first = scenario.first.clone();
    let winner = scenario.refreshed(&first, NOW);
    scenario.present(&first, NOW);
    assert_eq!(scenario.present(&winner, NOW).0, Reason::FamilyRevoked);
}

// 3. The first token is presented within the grace period after the second
// was used.

#[test]
fn a_grace_period_ends_at_the_first_use_of_a_successor() {
    for old in [A, B, C] {
        let mut scenario = Scenario::with_old_token(old);
        let first = scenario.first.clone();
        let second = scenario.refreshed(&first, NOW);
        scenario.refreshed(&second, Duration::from_secs(1));
        let late = scenario.present(&first, Duration::from_secs(2));
        assert_eq!(late, (Reason::Reused, None), "{old:?}");
    }
}

#[test]
fn one_tab_does_not_end_the_grace_period_of_another() {
    let mut scenario = Scenario::with_old_token(A);
    let first = scenario.first.clone();
    let mine = scenario.refreshed(&first, NOW);
    let yours = scenario.refreshed(&first, NOW);
    scenario.refreshed(&mine, NOW);
    scenario.refreshed(&yours, NOW);
    assert_eq!(scenario.present(&mine, NOW).0, Reason::NewPairInGrace);
}

// 4. Two rotations within one second.

#[test]
fn two_rotations_within_a_second_are_distinguished() {
    for old in [A, B, C] {
        let mut scenario = Scenario::with_old_token(old);
        let first = scenario.first.clone();
        let second = scenario.refreshed(&first, Duration::from_millis(1));
        let third = scenario.refreshed(&second, Duration::from_millis(2));
        assert!(![&first, &second].contains(&&third));
        scenario.refreshed(&second, Duration::from_millis(3));
        let (reason, _) = scenario.present(&first, Duration::from_millis(4));
        assert_eq!(reason, Reason::Reused, "{old:?}");
    }
}

// 5. Another client presents the token.

#[test]
fn another_client_gets_no_grace_period_and_spends_no_token() {
    for old in [A, B, C, OldRefreshToken::Uses(2), OldRefreshToken::Revoked] {
        let mut scenario = Scenario::with_old_token(old);
        let first = scenario.first.clone();
        let second = scenario.refreshed(&first, NOW);
        for token in [&first, &second] {
            let stolen = scenario.present_as("mallory", token, NOW);
            assert_eq!(stolen, (Reason::ForeignClient, None));
        }
        assert!(!scenario.is_revoked());
        scenario.refreshed(&second, NOW);
    }
}

// 6. The last seconds of a family.

#[test]
fn a_refresh_in_the_last_second_does_not_extend_the_lifetime() {
    for old in [A, B, C, OldRefreshToken::Revoked] {
        let mut scenario = Scenario::with_old_token(old);
        let first = scenario.first.clone();
        let last = HOUR - Duration::from_secs(1);
        let second = scenario.refreshed(&first, last);
        assert_eq!(scenario.present(&second, HOUR).0, Reason::Expired);
    }
}

#[test]
fn a_grace_period_does_not_outlast_the_family() {
    let mut scenario = Scenario::with_old_token(A);
    let first = scenario.first.clone();
    scenario.refreshed(&first, HOUR - Duration::from_secs(1));
    assert_eq!(scenario.present(&first, HOUR).0, Reason::Expired);
}

// The other policies.

#[test]
fn a_token_can_be_used_as_often_as_the_policy_allows() {
    let mut scenario = Scenario::with_old_token(OldRefreshToken::Uses(3));
    let first = scenario.first.clone();
    for _ in 0..3 {
        scenario.refreshed(&first, NOW);
    }
    assert_eq!(scenario.present(&first, NOW), (Reason::Reused, None));
}

#[test]
fn a_spent_token_still_gives_a_pair_where_reuse_is_ignored() {
    let mut scenario = Scenario::with_old_token(OldRefreshToken::Revoked);
    scenario.policy.reuse = Reuse::Ignored;
    let first = scenario.first.clone();
    scenario.refreshed(&first, NOW);
    let (reason, issued) = scenario.present(&first, NOW);
    assert_eq!(reason, Reason::ReuseIgnored);
    scenario.refreshed(&issued.unwrap(), NOW);
    assert_eq!(scenario.present(&first, HOUR).0, Reason::Expired);
}

#[test]
fn the_successor_stays_valid_where_reuse_is_refused() {
    let mut scenario = Scenario::with_old_token(B);
    scenario.policy.reuse = Reuse::Refused;
    let first = scenario.first.clone();
    let second = scenario.refreshed(&first, NOW);
    assert_eq!(scenario.present(&first, WINDOW).0, Reason::Reused);
    scenario.refreshed(&second, WINDOW);
}

#[test]
fn a_policy_change_applies_to_existing_families() {
    let mut scenario = Scenario::with_old_token(OldRefreshToken::Revoked);
    let first = scenario.first.clone();
    let second = scenario.refreshed(&first, NOW);
    // That rotation derived no successor, so the response is another pair.
    scenario.policy.old_refresh_token = B;
    let (reason, issued) = scenario.present(&first, NOW);
    assert_eq!(reason, Reason::NewPairInGrace);
    assert_ne!(issued.unwrap(), second);
    scenario.policy.old_refresh_token = OldRefreshToken::Revoked;
    assert_eq!(scenario.present(&first, NOW).0, Reason::Reused);
}
