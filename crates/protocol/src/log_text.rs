//! Text of another party, made safe for a log line.

/// The longest text that is logged, in bytes.
const MAX_BYTES: usize = 200;

/// What stands in for the part that was cut off.
const ELLIPSIS: &str = "...";

/// Returns the text for one log line: everything but visible ASCII and spaces
/// is escaped, so that neither a line break nor a right-to-left mark reaches
/// the log, and the length is bounded.
pub fn log_text(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars() {
        let end = line.len();
        if character == ' ' || character.is_ascii_graphic() {
            line.push(character);
        } else {
            line.extend(character.escape_default());
        }
        if line.len() > MAX_BYTES {
            line.truncate(end);
            line.push_str(ELLIPSIS);
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_on_one_line_and_is_bounded() {
        assert_eq!(log_text("invalid scope: a-b"), "invalid scope: a-b");
        assert_eq!(log_text("a\r\nb\0\u{202e}"), "a\\r\\nb\\u{0}\\u{202e}");
        let bound = MAX_BYTES + ELLIPSIS.len();
        for text in ["x".repeat(20_000), "\u{10ffff}".repeat(20_000)] {
            let line = log_text(&text);
            assert!(line.len() <= bound, "{}", line.len());
            assert!(line.ends_with(ELLIPSIS), "{line}");
        }
        assert_eq!(log_text(&"x".repeat(MAX_BYTES)).len(), MAX_BYTES);
    }
}
