//! A test that failed, as it is told at the end: of a long log often the
//! last lines alone are kept.

use std::fmt;

/// How many lines of a message are repeated.
const LINES: usize = 12;

/// Its name, and the beginning of what it said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FailedTest {
    name: String,
    said: Vec<String>,
}

impl FailedTest {
    /// With what it said, line by line.
    pub(crate) fn new<'l>(name: String, said: impl IntoIterator<Item = &'l str>) -> Self {
        let mut test = Self {
            name,
            said: Vec::new(),
        };
        for line in said {
            test.add(line);
        }
        test
    }

    /// Adds a line that it said, if it is one of the first.
    pub(crate) fn add(&mut self, line: &str) {
        let line = plain(line);
        if self.said.len() < LINES && !line.trim().is_empty() {
            self.said.push(line);
        }
    }
}

impl fmt::Display for FailedTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        self.said
            .iter()
            .try_for_each(|line| write!(f, "\n    {line}"))
    }
}

/// Without what colours it on a terminal: `ESC [ … m`.
fn plain(line: &str) -> String {
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
    fn the_beginning_is_told_and_no_more() {
        let said = ["one", "", "two"].into_iter().chain(["more"; 100]);
        let told = FailedTest::new("a::b".to_owned(), said).to_string();
        assert!(
            told.starts_with("a::b\n    one\n    two\n    more"),
            "{told}"
        );
        assert_eq!(told.lines().count(), 1 + LINES);
    }
}
