//! Settings in words.

use super::controls::{Armed, Belief, Clock};
use crate::time::spoken;
use confidant_bff::Reuse;

/// Returns a rule and what it has done so far.
pub(super) fn armed(rule: &Armed) -> String {
    let Armed { name, struck, left } = rule;
    let times = match struck {
        0 => "has not struck yet".to_owned(),
        1 => "has struck once".to_owned(),
        2 => "has struck twice".to_owned(),
        n => format!("has struck {n} times"),
    };
    let more = match (struck, left) {
        (0, Some(1)) => ", and will once",
        (_, Some(0)) => ", and is over",
        (_, None) => ", and goes on until it is taken away",
        _ => "",
    };
    format!("{name}: {times}{more}.")
}

/// Returns what a client does after a lost answer, and why.
pub(super) fn belief(reuse: Reuse) -> String {
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
pub(super) fn error_in(belief: &Belief) -> Option<&'static str> {
    match (belief.reuse, belief.truth) {
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
    format!("{} is {}", clock.whose, off(clock.fast_by))
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
    fn a_rule_says_how_often_it_struck_and_whether_it_will_again() {
        let told = |struck, left| {
            armed(&Armed {
                name: "Slow".to_owned(),
                struck,
                left,
            })
        };
        assert_eq!(told(0, Some(1)), "Slow: has not struck yet, and will once.");
        assert_eq!(told(1, Some(0)), "Slow: has struck once, and is over.");
        assert_eq!(
            told(3, None),
            "Slow: has struck 3 times, and goes on until it is taken away."
        );
    }

    #[test]
    fn a_belief_that_costs_the_session_is_called_wrong() {
        let grace = Reuse::Grace(Duration::from_secs(30));
        let told = |reuse, truth| {
            error_in(&Belief {
                reuse,
                truth,
                choices: vec![],
            })
        };
        assert!(told(grace, Reuse::Strict).unwrap().contains("wrong"));
        assert!(told(Reuse::Strict, grace).unwrap().contains("careful"));
        assert_eq!(told(grace, Reuse::Grace(Duration::from_secs(5))), None);
        assert!(belief(grace).contains("30 seconds"));
    }

    #[test]
    fn a_clock_is_right_or_says_by_how_much_it_is_not() {
        assert_eq!(off(0), "right");
        assert_eq!(off(90), "90 seconds fast");
        assert_eq!(off(-3600), "1 hour slow");
    }
}
