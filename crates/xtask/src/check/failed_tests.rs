//! The output of failed tests, read from the output of `cargo test`.

use crate::steps::FailedTest;

/// The failed tests so far.
#[derive(Default)]
pub(super) struct FailedTests {
    tests: Vec<FailedTest>,
    /// Whether the next lines are output of the last test.
    in_output: bool,
}

impl FailedTests {
    /// Reads a line.
    pub(super) fn read(&mut self, line: &str) {
        if let Some(name) = heading(line) {
            self.tests.push(FailedTest::new(name.to_owned(), []));
            self.in_output = true;
        } else if line == "failures:" {
            // The list of names follows, without output.
            self.in_output = false;
        } else if let Some(test) = self.tests.last_mut().filter(|_| self.in_output) {
            test.add_line(line);
        }
    }

    /// Returns the failed tests.
    pub(super) fn into_tests(self) -> Vec<FailedTest> {
        self.tests
    }
}

/// Returns the name of the test in `---- a::b stdout ----`.
fn heading(line: &str) -> Option<&str> {
    line.strip_prefix("---- ")?.strip_suffix(" stdout ----")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failed_test_is_found_with_its_output() {
        let mut failed = FailedTests::default();
        let lines = "test a::b ... FAILED\n\nfailures:\n\n---- a::b stdout ----\n\nthread 'a::b' \
                     panicked\nleft: 1\n\n---- c stdout ----\nno\n\nfailures:\n    a::b\n    c\n\n\
                     test result: FAILED. 0 passed";
        lines.lines().for_each(|line| failed.read(line));
        let tests: Vec<_> = failed
            .into_tests()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            tests,
            ["a::b\n    thread 'a::b' panicked\n    left: 1", "c\n    no"]
        );
    }
}
