//! Leaving a provider alone that is down: one probe at a time, and longer
//! pauses from one to the next.

use super::{decide::Refusal, outcome::Outcome};
use crate::clock::millis;
use confidant_wire::UnixMillis;
use std::{collections::HashMap, time::Duration};

/// The pause after the first failure; it doubles with each further one.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause that we choose ourselves.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest pause that a provider may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(300);
/// How many failures in a row make a provider one that is down: below it, one
/// grant's bad luck is not made everybody's.
const PATIENCE: u32 = 3;

/// What is known of each provider's health, by its id.
#[derive(Debug, Default)]
pub struct Backoff(HashMap<String, Health>);

#[derive(Debug, Default)]
struct Health {
    failures: u32,
    until: UnixMillis,
}

impl Backoff {
    /// Lets a request pass, or says when to come back. Once a pause is over
    /// the first request passes as the probe, and the next pause begins.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] during a pause.
    pub fn admit(&mut self, provider: &str, now: UnixMillis) -> Result<(), Refusal> {
        let Some(health) = self.0.get_mut(provider) else {
            return Ok(());
        };
        if now < health.until {
            return Err(Refusal::Unavailable {
                retry_after: Duration::from_millis(health.until - now),
            });
        }
        if health.failures >= PATIENCE {
            health.until = now.saturating_add(millis(pause(health.failures)));
        }
        Ok(())
    }

    /// Takes note of what became of a request.
    pub fn note(&mut self, provider: &str, outcome: &Outcome, now: UnixMillis) {
        let asked = match outcome {
            // The provider answered what it means: it is well.
            Outcome::Success(_) | Outcome::Dead(_) => {
                self.clear(provider);
                return;
            }
            Outcome::Transient { retry_after } => *retry_after,
            Outcome::Ambiguous | Outcome::Misconfigured(_) | Outcome::RequestRefused(_) => None,
        };
        let health = self.0.entry(provider.to_owned()).or_default();
        health.failures = health.failures.saturating_add(1);
        let ours = (health.failures >= PATIENCE).then(|| pause(health.failures));
        let theirs = asked.map(|asked| asked.min(LONGEST_ASKED));
        if let Some(pause) = ours.max(theirs) {
            health.until = now.saturating_add(millis(pause));
        }
    }

    /// Forgets what went wrong with this provider: it is well.
    pub fn clear(&mut self, provider: &str) {
        self.0.remove(provider);
    }
}

fn pause(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(PATIENCE).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: Outcome = Outcome::Ambiguous;

    fn down() -> Backoff {
        let mut backoff = Backoff::default();
        for _ in 0..PATIENCE {
            assert_eq!(backoff.admit("p", 0), Ok(()));
            backoff.note("p", &LOST, 0);
        }
        backoff
    }

    #[test]
    fn a_provider_that_is_down_gets_one_probe_and_not_a_stampede() {
        let mut backoff = down();
        assert!(backoff.admit("p", 499).is_err());
        let passed = (0..50).filter(|_| backoff.admit("p", 500).is_ok()).count();
        assert_eq!(passed, 1);
    }

    #[test]
    fn pauses_grow_and_end_with_the_first_answer() {
        let mut backoff = down();
        assert_eq!(backoff.admit("p", 500), Ok(()));
        backoff.note("p", &LOST, 500);
        assert!(backoff.admit("p", 1499).is_err());
        assert_eq!(backoff.admit("p", 1500), Ok(()));
        backoff.note("p", &Outcome::Dead("invalid_grant".into()), 1500);
        assert_eq!(backoff.admit("p", 1500), Ok(()));
        assert!(pause(40) == LONGEST);
    }

    #[test]
    fn another_provider_is_not_made_to_pay() {
        assert_eq!(down().admit("q", 0), Ok(()));
    }

    #[test]
    fn a_pause_that_the_provider_asks_for_is_kept_within_reason() {
        for (asked, until) in [(7, 7_000), (86_400, 300_000)] {
            let mut backoff = Backoff::default();
            let busy = Outcome::Transient {
                retry_after: Some(Duration::from_secs(asked)),
            };
            backoff.note("p", &busy, 0);
            assert!(backoff.admit("p", until - 1).is_err());
            assert_eq!(backoff.admit("p", until), Ok(()));
        }
    }
}
