//! The age of a token, although users set clocks and laptops sleep.

use crate::platform::Timestamps;

/// A difference between the clocks that means nothing, in milliseconds: a time
/// server may correct the wall clock by as much.
const TOLERANCE: u64 = 2_000;

/// The moment in which this page first saw a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Observation {
    /// The token, identified by the time of its request.
    pub(crate) sent_at: u64,
    /// Its age at that time, in milliseconds.
    pub(crate) age: u64,
    /// The steady clock at that time.
    pub(crate) at: u64,
}

/// Returns the age in milliseconds of a token that was requested at `sent_at`.
/// `None` means that the clock was set back since and the age is unknown. Only
/// differences count, so a clock that is a day off changes nothing.
///
/// The steady clock may stand still while the machine sleeps, the wall clock
/// does not; the wall clock may be set, the steady clock cannot. The larger
/// difference is therefore closer to the truth, and errs towards a refresh too
/// many.
pub(crate) fn age(sent_at: u64, now: Timestamps, seen: Option<Observation>) -> Option<u64> {
    let by_wall = now.wall.checked_sub(sent_at);
    let by_steady = seen.map(|seen| seen.age + now.steady.saturating_sub(seen.at));
    match (by_wall, by_steady) {
        (Some(wall), Some(steady)) if steady > wall + TOLERANCE => Some(steady),
        (Some(wall), _) => Some(wall),
        (None, Some(steady)) => Some(steady),
        (None, None) => (sent_at - now.wall < TOLERANCE).then_some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 3600 * 1000;

    fn at(wall: u64, steady: u64) -> Timestamps {
        Timestamps { wall, steady }
    }

    fn seen(age: u64, at: u64) -> Option<Observation> {
        Some(Observation {
            sent_at: DAY,
            age,
            at,
        })
    }

    #[test]
    fn a_clock_that_is_a_day_off_changes_nothing() {
        for offset in [0, DAY] {
            let now = at(10 * DAY + offset + 5_000, 7_000);
            assert_eq!(age(10 * DAY + offset, now, None), Some(5_000));
            assert_eq!(age(10 * DAY + offset, now, seen(0, 2_000)), Some(5_000));
        }
    }

    #[test]
    fn sleep_ages_a_token_although_the_steady_clock_stood_still() {
        assert_eq!(age(DAY, at(DAY + 60_000, 1_000), seen(0, 0)), Some(60_000));
    }

    #[test]
    fn a_clock_set_back_does_not_make_a_token_young() {
        assert_eq!(
            age(DAY, at(DAY - 3_600_000, 90_000), seen(500, 0)),
            Some(90_500)
        );
        assert_eq!(
            age(DAY, at(DAY + 1_000, 90_000), seen(500, 0)),
            Some(90_500)
        );
        assert_eq!(age(DAY, at(DAY - 3_600_000, 90_000), None), None);
    }

    #[test]
    fn a_small_correction_is_not_a_clock_set_back() {
        assert_eq!(age(DAY, at(DAY - 100, 0), None), Some(0));
    }
}
