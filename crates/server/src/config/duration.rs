//! Durations such as `90s`, `15m`, `8h` and `7d`.

use std::time::Duration;

/// Parses a number with a unit. Nothing else, and not zero: a single form is
/// easy to tell from a typing error.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    seconds(text).map(Duration::from_secs).ok_or_else(|| {
        format!(
            "{text:?} is not a duration: expected a form like \"90s\", \"15m\", \"8h\" or \"7d\""
        )
    })
}

fn seconds(text: &str) -> Option<u64> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[number.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    // `u32::from_str` accepts a plus sign.
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let total = number.parse::<u32>().ok()?.checked_mul(unit)?;
    (total > 0).then(|| total.into())
}

/// Formats a duration in its largest unit that divides it, as [`parse`]
/// accepts it.
pub(super) fn format(duration: Duration) -> String {
    let seconds = duration.as_secs();
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m")] {
        if seconds.is_multiple_of(unit) {
            return format!("{}{name}", seconds / unit);
        }
    }
    format!("{seconds}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("8h", 28_800), ("7d", 604_800)] {
            let duration = parse(text).unwrap();
            assert_eq!(duration.as_secs(), seconds, "{text}");
            assert_eq!(format(duration), text);
        }
    }

    #[test]
    fn anything_else_is_not_a_duration() {
        for text in [
            "", "8", "h", "8 h", "8H", "+8h", "-8h", "1.5h", "8hours", "0s", "0d", "50000d",
            "8h30m",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
