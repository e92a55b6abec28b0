//! What to do with a grant: the protocol's decision, given the grant and the
//! age of its token.

use crate::token::grant::Grant;
use confidant_protocol::{
    Reuse,
    refresh_policy::{self, Decision, Freshness, RefreshAhead, TokenState, spread},
};
use std::time::Duration;

/// Decides what to do for a caller with this demand. `age` is the token's age
/// in milliseconds, if it is known.
pub(crate) fn decide(
    grant: &Grant,
    freshness: Freshness,
    reuse: Reuse,
    age: Option<u64>,
) -> Decision {
    refresh_policy::decide(&state(grant, freshness, reuse, age), freshness)
}

fn state(grant: &Grant, freshness: Freshness, reuse: Reuse, age: Option<u64>) -> TokenState {
    let lifetime = grant.lifetime().map(Duration::from_millis);
    let window =
        |lifetime| RefreshAhead::STANDARD.window(lifetime, spread(&grant.id, grant.serial));
    TokenState {
        has_access_token: freshness.accepts(grant.serial) && !grant.expired,
        remaining: lifetime.map(|lifetime| match age {
            Some(age) => lifetime.saturating_sub(Duration::from_millis(age)),
            None => Duration::ZERO,
        }),
        refresh_ahead: lifetime.map(window).unwrap_or_default(),
        has_refresh_token: grant.refresh_token.is_some(),
        may_present: grant.may_present(reuse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;
    use confidant_protocol::{cases::refresh_policy::CASES, refresh_policy::Refusal};

    const LIFE: u64 = 3_600_000;

    fn decision(grant: &Grant, age: u64) -> Decision {
        decide(grant, Freshness::Valid, Reuse::Strict, Some(age))
    }

    /// A grant in the state of a case. A lifetime of one hour has a window that
    /// contains the states of the cases, whatever its spread.
    fn grant_in(state: &TokenState, freshness: Freshness) -> (Grant, u64) {
        let mut grant = grant();
        let newer = matches!(freshness, Freshness::NewerThan(_));
        grant.expired = !state.has_access_token && !newer;
        grant.serial = if newer && state.has_access_token {
            2
        } else {
            1
        };
        if state.remaining.is_none() {
            grant.expires_in = None;
        }
        if !state.has_refresh_token {
            grant.refresh_token = None;
        }
        grant.may_be_spent = !state.may_present;
        let remaining = state.remaining.unwrap_or_default().as_millis() as u64;
        (grant, LIFE - remaining)
    }

    #[test]
    fn a_grant_gets_the_decision_that_every_client_makes() {
        for (state, freshness, expected) in CASES {
            let (grant, age) = grant_in(state, *freshness);
            let found = decide(&grant, *freshness, Reuse::Strict, Some(age));
            assert_eq!(found, *expected, "{state:?} {freshness:?}");
        }
    }

    #[test]
    fn a_token_is_served_then_refreshed_ahead_then_waited_for() {
        let grant = grant();
        assert_eq!(decision(&grant, 0), Decision::Serve);
        let soon = LIFE - LIFE / 20;
        assert_eq!(decision(&grant, soon), Decision::ServeAndRefresh);
        assert_eq!(
            decide(
                &grant,
                Freshness::NotExpiringSoon,
                Reuse::Strict,
                Some(soon)
            ),
            Decision::Refresh
        );
        assert_eq!(decision(&grant, LIFE), Decision::Refresh);
    }

    #[test]
    fn a_token_of_a_minute_is_not_refreshed_at_every_use() {
        let mut grant = grant();
        grant.expires_in = Some(60);
        assert_eq!(decision(&grant, 40_000), Decision::Serve);
        assert_eq!(decision(&grant, 55_000), Decision::ServeAndRefresh);
    }

    #[test]
    fn a_token_of_unknown_age_is_refreshed_unless_it_never_expires() {
        let mut grant = grant();
        let unknown = |grant: &Grant| decide(grant, Freshness::Valid, Reuse::Strict, None);
        assert_eq!(unknown(&grant), Decision::Refresh);
        grant.expires_in = None;
        assert_eq!(unknown(&grant), Decision::Serve);
    }

    #[test]
    fn a_newer_token_than_the_one_in_hand_comes_by_refresh_or_from_another_tab() {
        let mut grant = grant();
        let newer = |grant: &Grant| decide(grant, Freshness::NewerThan(1), Reuse::Strict, Some(0));
        assert_eq!(newer(&grant), Decision::Refresh);
        grant.serial = 2;
        assert_eq!(newer(&grant), Decision::Serve);
    }

    #[test]
    fn after_a_lost_response_the_token_in_hand_is_used_until_it_expires_and_no_longer() {
        let mut grant = grant();
        grant.may_be_spent = true;
        assert_eq!(decision(&grant, 0), Decision::Serve);
        assert_eq!(decision(&grant, LIFE - 1), Decision::Serve);
        let refused = Decision::Refuse(Refusal::Reauthorize);
        assert_eq!(decision(&grant, LIFE), refused);
        let at_end = |reuse| decide(&grant, Freshness::Valid, reuse, Some(LIFE));
        assert_eq!(at_end(Reuse::Grace(Duration::from_secs(60))), refused);
        assert_eq!(at_end(Reuse::Reusable), Decision::Refresh);
    }

    #[test]
    fn a_forced_expiry_calls_for_a_refresh() {
        let mut grant = grant();
        grant.expired = true;
        assert_eq!(decision(&grant, 0), Decision::Refresh);
        grant.refresh_token = None;
        assert_eq!(
            decision(&grant, 0),
            Decision::Refuse(Refusal::NoRefreshToken)
        );
    }
}
