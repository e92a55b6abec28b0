//! Settings in words.

use super::provider_controls::{ActiveRule, Clock, ReuseRule};
use crate::time::spoken;
use confidant_bff::Reuse;

/// Returns a rule and what it has done so far.
pub(super) fn active_rule(rule: &ActiveRule) -> String {
    let ActiveRule {
        name,
        hits,
        remaining,
    } = rule;
    let times = match hits {
        0 => "not applied yet".to_owned(),
        1 => "applied once".to_owned(),
        2 => "applied twice".to_owned(),
        n => format!("applied {n} times"),
    };
    let more = match (hits, remaining) {
        (0, Some(1)) => ", once to come",
        (_, Some(0)) => ", now over",
        (_, None) => ", active until it is removed",
        _ => "",
    };
    format!("{name}: {times}{more}.")
}

/// Returns what a client does after a lost answer, and why.
pub(super) fn reuse_rule(reuse: Reuse) -> String {
    match reuse {
        Reuse::Strict => {
            "A used refresh token is spent. After a lost answer it is not sent again: \
                          the access token is used to its end, then the provider is asked anew."
                .to_owned()
        }
        Reuse::Grace(window) => format!(
            "A used refresh token stays good for {}. After a lost answer it is sent again at once.",
            spoken(window.as_secs())
        ),
        Reuse::Reusable => {
            "A refresh token stays good. After a lost answer it is simply sent again.".to_owned()
        }
    }
}

/// Returns what a wrong expectation costs; none if it is right.
pub(super) fn mismatch(rule: &ReuseRule) -> Option<&'static str> {
    match (rule.assumed, rule.actual) {
        (Reuse::Strict, Reuse::Strict)
        | (Reuse::Grace(_), Reuse::Grace(_))
        | (Reuse::Reusable, Reuse::Reusable) => None,
        (_, Reuse::Strict) => Some(
            "That is wrong: this provider takes a second use for theft and ends everything. A lost \
             answer will cost the session.",
        ),
        (Reuse::Strict, _) => {
            Some("That is more careful than this provider asks for: it would forgive a second use.")
        }
        _ => Some("This provider forgives a second use in another way, which comes to the same."),
    }
}

/// Returns what a clock shows.
pub(super) fn clock(clock: &Clock) -> String {
    format!("{} is {}", clock.owner, off(clock.fast_by))
}

/// Returns how wrong a clock is.
pub(super) fn off(fast_by: i64) -> String {
    let by = match fast_by.unsigned_abs() {
        3600 => "1 hour".to_owned(),
        seconds => spoken(seconds),
    };
    match fast_by {
        0 => "right".to_owned(),
        1.. => format!("{by} fast"),
        _ => format!("{by} slow"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_rule_says_how_often_it_was_applied_and_whether_it_will_be_again() {
        let told = |hits, remaining| {
            active_rule(&ActiveRule {
                name: "Slow".to_owned(),
                hits,
                remaining,
            })
        };
        assert_eq!(told(0, Some(1)), "Slow: not applied yet, once to come.");
        assert_eq!(told(1, Some(0)), "Slow: applied once, now over.");
        assert_eq!(
            told(3, None),
            "Slow: applied 3 times, active until it is removed."
        );
    }

    #[test]
    fn a_reuse_rule_that_costs_the_session_is_called_wrong() {
        let grace = Reuse::Grace(Duration::from_secs(30));
        let told = |assumed, actual| {
            mismatch(&ReuseRule {
                assumed,
                actual,
                choices: vec![],
            })
        };
        assert!(told(grace, Reuse::Strict).unwrap().contains("wrong"));
        assert!(told(Reuse::Strict, grace).unwrap().contains("careful"));
        assert_eq!(told(grace, Reuse::Grace(Duration::from_secs(5))), None);
        assert!(reuse_rule(grace).contains("30 seconds"));
    }

    #[test]
    fn a_clock_is_right_or_says_by_how_much_it_is_not() {
        assert_eq!(off(0), "right");
        assert_eq!(off(90), "90 seconds fast");
        assert_eq!(off(-3600), "1 hour slow");
    }
}
