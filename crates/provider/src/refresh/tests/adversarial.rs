//! The cases that tell one refresh policy from another, played through with
//! the decision and the records, without a server.

use std::time::Duration;

use crate::{
    clock::UnixTime,
    oauth::scope::Scope,
    policy::{OldRefreshToken, RefreshLifetime, RefreshPolicy, Reuse},
    randomness::SystemRandomness,
    records::{IssueContext, Records, code::AuthorizationCode},
    refresh::{
        exchange::{PresentedToken, exchange},
        reason::Reason,
    },
    token::pkce::Challenge,
};

const HOUR: Duration = Duration::from_secs(3600);
const WINDOW: Duration = Duration::from_secs(10);
const NOW: Duration = Duration::ZERO;
const A: OldRefreshToken = OldRefreshToken::GraceNewPair(WINDOW);
const B: OldRefreshToken = OldRefreshToken::GraceSameSuccessor(WINDOW);
const C: OldRefreshToken = OldRefreshToken::UntilSuccessorUsed;

/// One family under one policy.
struct Scenario {
    records: Records,
    policy: RefreshPolicy,
    first: String,
}

impl Scenario {
    fn with(old: OldRefreshToken) -> Self {
        Self::under(RefreshPolicy {
            old_refresh_token: old,
            ..RefreshPolicy::rotate_strict(RefreshLifetime::FixedFromFirst(HOUR))
        })
    }

    fn under(policy: RefreshPolicy) -> Self {
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
        let digest = crate::digest::Digest::of("code");
        let granted = records.redeem_code(digest, &code, &context(NOW));
        Self {
            records,
            policy,
            first: granted.issued.refresh_token.unwrap(),
        }
    }

    /// Presents a token: why it was decided so, and the refresh token given.
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
        let result = exchange(&mut self.records, &presented, &self.policy, &context(after));
        let granted = result.granted;
        let given = granted.and_then(|granted| granted.issued.refresh_token);
        (result.decision.reason, given)
    }

    /// A refresh that has to give a refresh token.
    #[track_caller]
    fn refreshed(&mut self, token: &str, after: Duration) -> String {
        let (reason, given) = self.present(token, after);
        given.unwrap_or_else(|| panic!("refused: {reason:?}"))
    }

    fn is_dead(&self) -> bool {
        self.records.families[&1].revoked.is_some()
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

// 1. The answer was lost after the rotation, and the client tries again.

#[test]
fn without_grace_the_retry_after_a_lost_answer_ends_the_family() {
    let mut scenario = Scenario::with(OldRefreshToken::Revoked);
    let first = scenario.first.clone();
    scenario.refreshed(&first, NOW);
    assert_eq!(scenario.present(&first, NOW), (Reason::Reused, None));
    assert!(scenario.is_dead());
}

#[test]
fn under_grace_a_each_retry_gets_another_pair_and_each_is_good() {
    let mut scenario = Scenario::with(A);
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
fn under_grace_b_each_retry_gets_the_very_same_successor() {
    let mut scenario = Scenario::with(B);
    let first = scenario.first.clone();
    let lost = scenario.refreshed(&first, NOW);
    for _ in 0..3 {
        let again = scenario.present(&first, WINDOW / 2);
        assert_eq!(again, (Reason::SameSuccessor, Some(lost.clone())));
    }
    scenario.refreshed(&lost, HOUR / 2);
    assert!(!scenario.is_dead());
}

#[test]
fn under_grace_c_the_old_token_waits_for_the_successor_however_long() {
    let mut scenario = Scenario::with(C);
    let first = scenario.first.clone();
    let lost = scenario.refreshed(&first, NOW);
    let second = scenario.refreshed(&first, HOUR / 2);
    assert_ne!(second, lost);
    scenario.refreshed(&second, HOUR / 2);
    assert_eq!(scenario.present(&first, HOUR / 2).0, Reason::Reused);
}

#[test]
fn a_window_ends_to_the_millisecond_and_retries_do_not_prolong_it() {
    for old in [A, B] {
        let mut scenario = Scenario::with(old);
        let first = scenario.first.clone();
        scenario.refreshed(&first, NOW);
        scenario.refreshed(&first, WINDOW - Duration::from_millis(1));
        assert_eq!(scenario.present(&first, WINDOW).0, Reason::Reused);
    }
}

// 2. Two tabs at once.

#[test]
fn of_two_tabs_at_once_both_live_under_every_grace_and_neither_without() {
    for old in [A, B, C] {
        let mut scenario = Scenario::with(old);
        let first = scenario.first.clone();
        scenario.refreshed(&first, NOW);
        scenario.refreshed(&first, NOW);
        assert!(!scenario.is_dead(), "{old:?}");
    }
    let mut scenario = Scenario::with(OldRefreshToken::Revoked);
    let first = scenario.first.clone();
    let winner = scenario.refreshed(&first, NOW);
    scenario.present(&first, NOW);
    assert_eq!(scenario.present(&winner, NOW).0, Reason::FamilyRevoked);
}

// 3. The first token again, inside the window, after the third exists.

#[test]
fn no_grace_outlives_the_first_use_of_a_successor() {
    for old in [A, B, C] {
        let mut scenario = Scenario::with(old);
        let first = scenario.first.clone();
        let second = scenario.refreshed(&first, NOW);
        scenario.refreshed(&second, Duration::from_secs(1));
        let late = scenario.present(&first, Duration::from_secs(2));
        assert_eq!(late, (Reason::Reused, None), "{old:?}");
    }
}

#[test]
fn a_tab_that_goes_ahead_leaves_the_other_s_grace_alone() {
    let mut scenario = Scenario::with(A);
    let first = scenario.first.clone();
    let mine = scenario.refreshed(&first, NOW);
    let yours = scenario.refreshed(&first, NOW);
    scenario.refreshed(&mine, NOW);
    scenario.refreshed(&yours, NOW);
    assert_eq!(scenario.present(&mine, NOW).0, Reason::NewPairInGrace);
}

// 4. Two rotations within one second.

#[test]
fn two_rotations_within_one_second_are_told_apart() {
    for old in [A, B, C] {
        let mut scenario = Scenario::with(old);
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
fn another_client_gets_no_grace_and_spends_nothing() {
    for old in [A, B, C, OldRefreshToken::Uses(2), OldRefreshToken::Revoked] {
        let mut scenario = Scenario::with(old);
        let first = scenario.first.clone();
        let second = scenario.refreshed(&first, NOW);
        for token in [&first, &second] {
            let stolen = scenario.present_as("mallory", token, NOW);
            assert_eq!(stolen, (Reason::ForeignClient, None));
        }
        assert!(!scenario.is_dead());
        scenario.refreshed(&second, NOW);
    }
}

// 6. The family's last seconds.

#[test]
fn a_refresh_in_the_last_second_gives_a_token_for_the_rest_of_it() {
    for old in [A, B, C, OldRefreshToken::Revoked] {
        let mut scenario = Scenario::with(old);
        let first = scenario.first.clone();
        let last = HOUR - Duration::from_secs(1);
        let second = scenario.refreshed(&first, last);
        assert_eq!(scenario.present(&second, HOUR).0, Reason::Expired);
    }
}

#[test]
fn a_grace_does_not_outlive_the_family() {
    let mut scenario = Scenario::with(A);
    let first = scenario.first.clone();
    scenario.refreshed(&first, HOUR - Duration::from_secs(1));
    assert_eq!(scenario.present(&first, HOUR).0, Reason::Expired);
}

// The rest of the vocabulary.

#[test]
fn a_token_is_good_for_as_many_uses_as_the_policy_says() {
    let mut scenario = Scenario::with(OldRefreshToken::Uses(3));
    let first = scenario.first.clone();
    for _ in 0..3 {
        scenario.refreshed(&first, NOW);
    }
    assert_eq!(scenario.present(&first, NOW), (Reason::Reused, None));
}

#[test]
fn where_reuse_is_ignored_a_spent_token_still_gives_a_pair() {
    let mut scenario = Scenario::with(OldRefreshToken::Revoked);
    scenario.policy.reuse = Reuse::Ignored;
    let first = scenario.first.clone();
    scenario.refreshed(&first, NOW);
    let (reason, given) = scenario.present(&first, NOW);
    assert_eq!(reason, Reason::ReuseIgnored);
    scenario.refreshed(&given.unwrap(), NOW);
    assert_eq!(scenario.present(&first, HOUR).0, Reason::Expired);
}

#[test]
fn where_reuse_is_refused_the_successor_lives_on() {
    let mut scenario = Scenario::with(B);
    scenario.policy.reuse = Reuse::Refused;
    let first = scenario.first.clone();
    let second = scenario.refreshed(&first, NOW);
    assert_eq!(scenario.present(&first, WINDOW).0, Reason::Reused);
    scenario.refreshed(&second, WINDOW);
}

#[test]
fn a_policy_may_change_while_a_family_lives() {
    let mut scenario = Scenario::with(OldRefreshToken::Revoked);
    let first = scenario.first.clone();
    let second = scenario.refreshed(&first, NOW);
    // That rotation cannot be repeated, so the grace gives another pair.
    scenario.policy.old_refresh_token = B;
    let (reason, given) = scenario.present(&first, NOW);
    assert_eq!(reason, Reason::NewPairInGrace);
    assert_ne!(given.unwrap(), second);
    scenario.policy.old_refresh_token = OldRefreshToken::Revoked;
    assert_eq!(scenario.present(&first, NOW).0, Reason::Reused);
}
