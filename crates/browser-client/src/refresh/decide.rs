//! What to do with a grant as it stands. Pure: the caller has looked at the
//! clock and at the storage.

use crate::{Error, error::Kind, settings::Reuse, token::Grant};

/// How new a token the caller asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// One that has not run out.
    Usable,
    /// The same, but one that will run out soon is too old: the refresh that
    /// runs behind the callers.
    Ahead,
    /// One that came after this: an explicit refresh, or an API that refused
    /// the token in hand.
    NewerThan(u64),
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// The token is in hand.
    Serve,
    /// The token is in hand and will run out soon: serve it, and refresh
    /// behind it.
    ServeAndFly,
    /// Refresh, under the lock.
    Fly,
    /// There is no token to be had.
    Refuse(Error),
}

/// What to do for somebody who wants this of the grant, whose token has this
/// age in milliseconds if it can be told.
pub(crate) fn decide(grant: &Grant, demand: Demand, reuse: Reuse, age: Option<u64>) -> Step {
    let refused = refusal(grant, reuse);
    match (
        usable(grant, demand, age),
        runs_out_soon(grant, age),
        refused,
    ) {
        (true, true, None) if demand == Demand::Ahead => Step::Fly,
        (true, true, None) => Step::ServeAndFly,
        (true, ..) => Step::Serve,
        (false, _, None) => Step::Fly,
        (false, _, Some(why)) => Step::Refuse(why),
    }
}

/// Why no newer token can be had.
fn refusal(grant: &Grant, reuse: Reuse) -> Option<Error> {
    if grant.refresh_token.is_none() {
        let message = "The token has run out, and the provider gave none to refresh it with.";
        return Some(Error::new(Kind::NoRefreshToken, message));
    }
    (grant.doubtful && reuse == Reuse::Strict).then(reauthorize)
}

/// After a lost answer under strict rotation.
pub(crate) fn reauthorize() -> Error {
    let message = "The answer to the last refresh was lost. Its refresh token may be spent and \
                   is not sent again: this sign-in has to be renewed at the provider.";
    Error::new(Kind::Reauthorize, message)
}

fn usable(grant: &Grant, demand: Demand, age: Option<u64>) -> bool {
    let new_enough = match demand {
        Demand::Usable | Demand::Ahead => true,
        Demand::NewerThan(serial) => grant.serial > serial,
    };
    let fresh = match (grant.life(), age) {
        (None, _) => true,
        (Some(life), Some(age)) => age < life,
        (Some(_), None) => false,
    };
    new_enough && fresh && !grant.expired
}

/// The last part of a token's life, in which it is refreshed ahead: 60 s or a
/// tenth of its life, whichever is more, but never more than a quarter, or a
/// token of a minute would be refreshed at every use. Grants differ by up to
/// half of it, so that those of one morning are not refreshed in one second.
fn runs_out_soon(grant: &Grant, age: Option<u64>) -> bool {
    let (Some(life), Some(age)) = (grant.life(), age) else {
        return false;
    };
    let window = (life / 10).max(60_000).min(life / 4);
    let spread = grant.id.bytes().fold(grant.serial, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let early = window / 2 + (window / 2) * (spread % 64) / 64;
    life.saturating_sub(age) <= early
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    const LIFE: u64 = 3_600_000;

    fn step(grant: &Grant, age: u64) -> Step {
        decide(grant, Demand::Usable, Reuse::Strict, Some(age))
    }

    #[test]
    fn a_token_is_served_then_refreshed_ahead_then_waited_for() {
        let grant = grant();
        assert_eq!(step(&grant, 0), Step::Serve);
        let soon = LIFE - LIFE / 20;
        assert_eq!(step(&grant, soon), Step::ServeAndFly);
        assert_eq!(
            decide(&grant, Demand::Ahead, Reuse::Strict, Some(soon)),
            Step::Fly
        );
        assert_eq!(step(&grant, LIFE), Step::Fly);
    }

    #[test]
    fn a_token_of_a_minute_is_not_refreshed_at_every_use() {
        let mut grant = grant();
        grant.expires_in = Some(60);
        assert_eq!(step(&grant, 40_000), Step::Serve);
        assert_eq!(step(&grant, 55_000), Step::ServeAndFly);
    }

    #[test]
    fn a_token_of_unknown_age_is_refreshed_unless_it_never_runs_out() {
        let mut grant = grant();
        assert_eq!(
            decide(&grant, Demand::Usable, Reuse::Strict, None),
            Step::Fly
        );
        grant.expires_in = None;
        assert_eq!(
            decide(&grant, Demand::Usable, Reuse::Strict, None),
            Step::Serve
        );
    }

    #[test]
    fn a_newer_token_than_the_one_in_hand_is_had_by_refresh_or_from_another_tab() {
        let mut grant = grant();
        let newer = |grant: &Grant| decide(grant, Demand::NewerThan(1), Reuse::Strict, Some(0));
        assert_eq!(newer(&grant), Step::Fly);
        grant.serial = 2;
        assert_eq!(newer(&grant), Step::Serve);
    }

    #[test]
    fn after_a_lost_answer_the_token_in_hand_is_used_to_its_end_and_no_further() {
        let mut grant = grant();
        grant.doubtful = true;
        assert_eq!(step(&grant, 0), Step::Serve);
        assert_eq!(step(&grant, LIFE - 1), Step::Serve);
        let Step::Refuse(error) = step(&grant, LIFE) else {
            panic!("it was served");
        };
        assert_eq!(error.kind, Kind::Reauthorize);
        assert_eq!(
            decide(&grant, Demand::Usable, Reuse::Reusable, Some(LIFE)),
            Step::Fly
        );
    }

    #[test]
    fn a_forced_expiry_calls_for_a_refresh() {
        let mut grant = grant();
        grant.expired = true;
        assert_eq!(step(&grant, 0), Step::Fly);
        grant.refresh_token = None;
        assert!(matches!(step(&grant, 0), Step::Refuse(e) if e.kind == Kind::NoRefreshToken));
    }
}
