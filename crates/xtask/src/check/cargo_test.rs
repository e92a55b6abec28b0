//! `cargo test`, counted.

use confidant_test_support::postgres::Durability;

use super::said::Said;
use crate::{
    postgres,
    program::Program,
    step::{Steps, Tests},
    workspace::Workspace,
};

/// Runs the tests of the default members, with a Postgres of their own.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps) -> Tests {
    let server = postgres::start(workspace, steps, Durability::Relaxed);
    let mut count = Count {
        has_postgres: server.is_some(),
        idle: 0,
        tests: Tests::default(),
    };
    let mut said = Said::default();
    steps.take("Run the unit and in-process tests (cargo test)", || {
        let cargo = Program::cargo()
            .within(workspace.root())
            .without(|name| name == postgres::VARIABLE)
            .args(["test", "--no-fail-fast"]);
        let cargo = match &server {
            Some(server) => cargo.env(postgres::VARIABLE, server.url()),
            None => cargo,
        };
        cargo.each_line(|line| {
            println!("{line}");
            count.read(line);
            said.read(line);
        })
    });
    steps.failed_tests(said.into_failed());
    let left_out = count.tests.skipped;
    if server.is_none() {
        steps.leave_out(format!("{left_out} tests: there is no Postgres to be had"));
    }
    count.tests
}

/// What is counted while the tests run.
struct Count {
    has_postgres: bool,
    /// Tests of the binary that runs that had nothing to run on.
    idle: u64,
    tests: Tests,
}

impl Count {
    fn read(&mut self, line: &str) {
        if let Some(mut tests) = result(line) {
            let idle = std::mem::take(&mut self.idle).min(tests.passed);
            tests.passed -= idle;
            tests.skipped += idle;
            self.tests += tests;
        } else if !self.has_postgres && needs_postgres(line) {
            // It passes at once, having done nothing.
            self.idle += 1;
        }
    }
}

/// Whether this is the line of a test in a module of the name `postgres`,
/// which is where those are that need one.
fn needs_postgres(line: &str) -> bool {
    line.strip_prefix("test ")
        .and_then(|rest| rest.strip_suffix(" ... ok"))
        .is_some_and(|name| name.split("::").any(|part| part == "postgres"))
}

/// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
fn result(line: &str) -> Option<Tests> {
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

    fn counted(has_postgres: bool) -> Tests {
        let mut count = Count {
            has_postgres,
            idle: 0,
            tests: Tests::default(),
        };
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
    fn the_closing_line_of_each_test_binary_is_counted() {
        let tests = Tests {
            passed: 12,
            failed: 1,
            skipped: 2,
        };
        assert_eq!(counted(true), tests);
    }

    #[test]
    fn without_a_postgres_what_needs_one_counts_as_skipped() {
        let tests = Tests {
            passed: 11,
            failed: 1,
            skipped: 3,
        };
        assert_eq!(counted(false), tests);
    }
}
