//! Times in words, and the arithmetic of a countdown.

use crate::page_data::Token;
use confidant_wire::UnixMillis;

const SECOND: u64 = 1000;
const DAY: u64 = 86_400;

/// Returns the time of day in UTC: the same text on the server and in every browser.
pub(crate) fn time_of_day(at: UnixMillis) -> String {
    let second = at / SECOND % DAY;
    let (hours, minutes) = (second / 3600, second / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02} UTC", second % 60)
}

/// Returns a time span in words: `1 second`, `5 minutes`.
pub(crate) fn spoken(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7200 => (seconds / 60, "minute"),
        7200..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / DAY, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// Returns a time span for the middle of the ring: `41 s`, `5 min`.
pub(crate) fn short(seconds: u64) -> String {
    match seconds {
        0..100 => format!("{seconds} s"),
        100..5940 => format!("{} min", seconds.div_ceil(60)),
        5940..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / DAY),
    }
}

/// Returns how long before `now` something happened.
pub(crate) fn ago(at: UnixMillis, now: UnixMillis) -> String {
    match now.saturating_sub(at) / SECOND {
        0..2 => "just now".to_owned(),
        seconds => format!("{} ago", spoken(seconds)),
    }
}

/// A token's lifetime, and the time at which it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// When the token was requested.
    pub(crate) obtained_at: UnixMillis,
    /// When it expires; absent if the provider did not say.
    pub(crate) expires_at: Option<UnixMillis>,
    /// True after a forced expiry.
    pub(crate) expired: bool,
    /// The clock of the token's holder when this was read.
    pub(crate) read_at: UnixMillis,
}

impl From<&Token> for Lifetime {
    fn from(token: &Token) -> Self {
        Self {
            obtained_at: token.obtained_at,
            expires_at: token.expires_at,
            expired: token.expired,
            read_at: token.now,
        }
    }
}

impl Lifetime {
    /// Returns the seconds until the token expires, rounded up, so that zero
    /// means that it has expired; none if the provider did not say.
    pub(crate) fn remaining(&self, now: UnixMillis) -> Option<u64> {
        let expires_at = self.expires_at?;
        Some(if self.expired {
            0
        } else {
            expires_at.saturating_sub(now).div_ceil(SECOND)
        })
    }

    /// Returns the remaining part of the lifetime, in thousandths.
    pub(crate) fn share_left(&self, remaining: u64) -> u64 {
        let end = self.expires_at.unwrap_or_default();
        match end.saturating_sub(self.obtained_at) {
            0 => 0,
            life => (remaining * SECOND * 1000 / life).min(1000),
        }
    }

    /// Returns the holder's clock at the browser's time `browser_now`, if this
    /// arrived at the browser's time `arrived`. Only the difference counts: the
    /// browser's clock may be a day off.
    pub(crate) fn holder_now(&self, arrived: UnixMillis, browser_now: UnixMillis) -> UnixMillis {
        self.read_at + browser_now.saturating_sub(arrived)
    }
}

/// Returns what a screen reader announces when the countdown goes from one
/// value to the next: little, because speech interrupts the user.
pub(crate) fn announcement(before: u64, now: u64) -> Option<&'static str> {
    match (before, now) {
        (1.., 0) => Some("The access token has expired. The next call refreshes it."),
        (61.., 1..=60) => Some("One minute until the access token expires."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_time_of_day_is_told_in_utc() {
        assert_eq!(time_of_day(1_700_000_000_000), "22:13:20 UTC");
        assert_eq!(time_of_day(86_400_000), "00:00:00 UTC");
    }

    #[test]
    fn spans_are_said_in_the_unit_that_fits() {
        let said = [0, 1, 119, 120, 7199, 7200, 172_800].map(spoken);
        assert_eq!(
            said,
            [
                "0 seconds",
                "1 second",
                "119 seconds",
                "2 minutes",
                "119 minutes",
                "2 hours",
                "2 days"
            ]
        );
        let written = [9, 100, 5939, 5940, 172_800].map(short);
        assert_eq!(written, ["9 s", "2 min", "99 min", "1 h", "2 d"]);
    }

    fn life() -> Lifetime {
        Lifetime::from(&samples::token())
    }

    #[test]
    fn a_started_second_counts_and_an_expired_token_has_none() {
        let mut life = life();
        let expires_at = life.expires_at.unwrap();
        assert_eq!(life.remaining(expires_at - 1), Some(1));
        assert_eq!(life.remaining(expires_at), Some(0));
        assert_eq!(life.remaining(expires_at + 9_000), Some(0));
        life.expired = true;
        assert_eq!(life.remaining(expires_at - 30_000), Some(0));
        life.expires_at = None;
        assert_eq!(life.remaining(expires_at), None);
    }

    #[test]
    fn a_browser_clock_that_is_a_day_off_counts_down_rightly() {
        let (life, day) = (life(), 86_400_000);
        assert_eq!(life.holder_now(day, day + 2_500), life.read_at + 2_500);
        assert_eq!(life.holder_now(day, day - 2_500), life.read_at);
    }

    #[test]
    fn after_a_long_sleep_the_countdown_is_right_at_once() {
        let life = life();
        let woken = life.holder_now(0, 3_600_000);
        assert_eq!(life.remaining(woken), Some(0));
    }

    #[test]
    fn the_ring_is_full_at_most_and_empty_at_least() {
        let shares = [60, 30, 0, 90].map(|remaining| life().share_left(remaining));
        assert_eq!(shares, [1000, 500, 0, 1000]);
    }

    #[test]
    fn a_screen_reader_hears_of_one_minute_and_of_the_end_only() {
        let heard: Vec<_> = (0..120)
            .rev()
            .filter_map(|now| announcement(now + 1, now))
            .collect();
        assert_eq!(heard.len(), 2);
        // Over the minute and the end in one sleep: only the end matters.
        assert!(announcement(300, 0).is_some_and(|text| text.contains("expired")));
        assert_eq!(announcement(0, 0), None);
    }
}
