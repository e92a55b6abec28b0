//! A failed test as the summary shows it. The summary repeats what the log said
//! before, because of a long log often only the last lines are kept.

use std::fmt;

/// The most lines of a test's output to show.
const LINES: usize = 12;

/// The name of a failed test and the beginning of its output.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FailedTest {
    name: String,
    output: Vec<String>,
}

impl FailedTest {
    /// Returns a failed test with the lines of its output.
    pub(crate) fn new<'l>(name: String, output: impl IntoIterator<Item = &'l str>) -> Self {
        let mut test = Self {
            name,
            output: Vec::new(),
        };
        for line in output {
            test.add_line(line);
        }
        test
    }

    /// Adds a line of output. Ignores empty lines and those beyond the limit.
    pub(crate) fn add_line(&mut self, line: &str) {
        let line = without_colours(line);
        if self.output.len() < LINES && !line.trim().is_empty() {
            self.output.push(line);
        }
    }
}

impl fmt::Display for FailedTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        self.output
            .iter()
            .try_for_each(|line| write!(f, "\n    {line}"))
    }
}

/// Removes the escape sequences for colours: `ESC [ … m`.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| {
        plain + piece.split_once('m').map_or(piece, |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_lines_of_the_output_are_shown() {
        let output = ["one", "", "two"].into_iter().chain(["more"; 100]);
        let text = FailedTest::new("a::b".to_owned(), output).to_string();
        assert!(
            text.starts_with("a::b\n    one\n    two\n    more"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 1 + LINES);
    }
}
