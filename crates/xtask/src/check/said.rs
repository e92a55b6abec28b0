//! What failed tests said, read from `cargo test` as it goes by.

use crate::step::FailedTest;

/// The failed tests so far.
#[derive(Default)]
pub(super) struct Said {
    failed: Vec<FailedTest>,
    /// Whether the lines that come are the last one's.
    speaks: bool,
}

impl Said {
    /// Reads a line.
    pub(super) fn read(&mut self, line: &str) {
        if let Some(name) = heading(line) {
            self.failed.push(FailedTest::new(name.to_owned(), []));
            self.speaks = true;
        } else if line == "failures:" {
            // The names alone follow.
            self.speaks = false;
        } else if let Some(test) = self.failed.last_mut().filter(|_| self.speaks) {
            test.add(line);
        }
    }

    /// All of them.
    pub(super) fn into_failed(self) -> Vec<FailedTest> {
        self.failed
    }
}

/// The name in `---- a::b stdout ----`.
fn heading(line: &str) -> Option<&str> {
    line.strip_prefix("---- ")?.strip_suffix(" stdout ----")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failed_test_is_told_with_what_it_said() {
        let mut said = Said::default();
        let lines = "test a::b ... FAILED\n\nfailures:\n\n---- a::b stdout ----\n\nthread 'a::b' \
                     panicked\nleft: 1\n\n---- c stdout ----\nno\n\nfailures:\n    a::b\n    c\n\n\
                     test result: FAILED. 0 passed";
        lines.lines().for_each(|line| said.read(line));
        let told: Vec<_> = said.into_failed().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["a::b\n    thread 'a::b' panicked\n    left: 1", "c\n    no"]
        );
    }
}
