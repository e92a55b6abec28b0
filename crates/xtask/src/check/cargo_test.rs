//! `cargo test`, and the numbers of tests in its output.

use confidant_test_support::postgres::SERVER_VARIABLE;

use super::failed_tests::FailedTests;
use crate::{
    postgres,
    program::Program,
    steps::{Steps, Tests},
    workspace::Workspace,
};

/// Runs the tests of the default members, documentation tests included, with a
/// Postgres of their own.
pub(super) fn run(workspace: &Workspace, steps: &mut Steps) -> Tests {
    let server = postgres::start_for_tests(workspace, steps);
    let mut count = Count::new(server.is_some());
    let mut failed = FailedTests::default();
    steps.run("Run the unit and in-process tests (cargo test)", || {
        let cargo = Program::cargo()
            .current_dir(workspace.root())
            .env_remove_if(|name| name == SERVER_VARIABLE)
            .args(["test", "--no-fail-fast"]);
        let cargo = match &server {
            Some(server) => cargo.env(SERVER_VARIABLE, server.url()),
            None => cargo,
        };
        cargo.for_each_line(|line| {
            println!("{line}");
            count.read(line);
            failed.read(line);
        })
    });
    steps.add_failed_tests(failed.into_tests());
    if server.is_none() {
        let skipped = count.tests.skipped;
        steps.leave_out(format!("{skipped} tests: Postgres is not available"));
    }
    count.tests
}

/// The numbers of tests so far.
struct Count {
    has_postgres: bool,
    /// The tests of the current test program that need Postgres and passed without
    /// it.
    without_postgres: u64,
    tests: Tests,
}

impl Count {
    fn new(has_postgres: bool) -> Self {
        Self {
            has_postgres,
            without_postgres: 0,
            tests: Tests::default(),
        }
    }

    fn read(&mut self, line: &str) {
        if let Some(mut tests) = parse_result(line) {
            let skipped = std::mem::take(&mut self.without_postgres).min(tests.passed);
            tests.passed -= skipped;
            tests.skipped += skipped;
            self.tests += tests;
        } else if !self.has_postgres && needs_postgres(line) {
            // Without Postgres such a test passes at once.
            self.without_postgres += 1;
        }
    }
}

/// Returns whether a line reports a passed test that needs Postgres: it is in a
/// module named `postgres`.
fn needs_postgres(line: &str) -> bool {
    line.strip_prefix("test ")
        .and_then(|rest| rest.strip_suffix(" ... ok"))
        .is_some_and(|name| name.split("::").any(|part| part == "postgres"))
}

/// Parses `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
fn parse_result(line: &str) -> Option<Tests> {
    let (_, figures) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let figure = |name: &str| {
        figures
            .split("; ")
            .find_map(|part| part.strip_suffix(name)?.trim().parse().ok())
    };
    Some(Tests {
        passed: figure("passed")?,
        failed: figure("failed")?,
        skipped: figure("ignored")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &str = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; \
                          0 filtered out; finished in 0.01s";

    fn count(has_postgres: bool) -> Tests {
        let mut count = Count::new(has_postgres);
        for line in [
            "test postgres::grant::a_fact ... ok",
            "test sqlite::grant::a_fact ... ok",
            "test a_name ... ok",
            "test result: what?",
            RESULT,
        ] {
            count.read(line);
        }
        count.tests
    }

    #[test]
    fn the_result_line_of_each_test_program_is_counted() {
        let tests = Tests {
            passed: 12,
            failed: 1,
            skipped: 2,
        };
        assert_eq!(count(true), tests);
    }

    #[test]
    fn without_postgres_the_tests_that_need_it_count_as_skipped() {
        let tests = Tests {
            passed: 11,
            failed: 1,
            skipped: 3,
        };
        assert_eq!(count(false), tests);
    }
}
