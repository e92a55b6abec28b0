//! The steps of a command: what each does, how long it took, and the summary.

mod failed_test;

pub(crate) use failed_test::FailedTest;

use std::{
    fmt::Write as _,
    ops::AddAssign,
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::error::Error;

/// Numbers of tests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tests {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed.
    pub(crate) failed: u64,
    /// Left out.
    pub(crate) skipped: u64,
}

impl AddAssign for Tests {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

struct Step {
    name: String,
    took: Duration,
    passed: bool,
}

/// The steps so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
    left_out: Vec<String>,
    failed_tests: Vec<FailedTest>,
}

impl Steps {
    /// Prints the name of a step, does its work, and prints how long it took. Prints
    /// the error and returns `None` if the work fails.
    pub(crate) fn run<T>(
        &mut self,
        name: impl Into<String>,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Option<T> {
        let name = name.into();
        println!("── {name}");
        let begun = Instant::now();
        let outcome = work();
        let took = begun.elapsed();
        match &outcome {
            Ok(_) => println!("   {}", seconds(took)),
            Err(error) => {
                eprintln!("   FAILED after {}: {error}", seconds(took));
            }
        }
        self.done.push(Step {
            name,
            took,
            passed: outcome.is_ok(),
        });
        outcome.ok()
    }

    /// Runs a step that looks for something these commands can do without. Prints the
    /// error and returns `None`, but passes, if the work fails.
    pub(crate) fn run_optional<T>(
        &mut self,
        name: impl Into<String>,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Option<T> {
        self.run(name, || {
            let outcome = work();
            Ok(outcome
                .inspect_err(|error| println!("   not available: {error}"))
                .ok())
        })
        .flatten()
    }

    /// Reports, now and in the summary, what cannot be done on this machine.
    pub(crate) fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("── LEFT OUT: {what}");
        self.left_out.push(what);
    }

    /// Adds failed tests to the summary.
    pub(crate) fn add_failed_tests(&mut self, tests: Vec<FailedTest>) {
        self.failed_tests.extend(tests);
    }

    fn table(&self) -> String {
        let widest = self
            .done
            .iter()
            .map(|step| step.name.chars().count())
            .max()
            .unwrap_or_default();
        self.done.iter().fold(String::new(), |mut table, step| {
            let verdict = if step.passed { "passed" } else { "FAILED" };
            let took = seconds(step.took);
            let _ = writeln!(table, "{verdict}  {:widest$}  {took:>9}", step.name);
            table
        })
    }

    fn all_passed(&self) -> bool {
        self.done.iter().all(|step| step.passed)
    }

    fn total(&self) -> Duration {
        self.done.iter().map(|step| step.took).sum()
    }

    /// Prints the total time. Returns the exit code of failure if a step failed.
    pub(crate) fn finish(&self) -> ExitCode {
        println!("── {} in all", seconds(self.total()));
        self.exit_code()
    }

    /// Prints the summary, with the number of tests as the last line. Returns the
    /// exit code of failure if a step or a test failed.
    pub(crate) fn finish_with_summary(&self, tests: Tests) -> ExitCode {
        println!(
            "\n── Summary, {} in all\n{}",
            seconds(self.total()),
            self.table()
        );
        for what in &self.left_out {
            println!("LEFT OUT: {what}");
        }
        for test in &self.failed_tests {
            println!("FAILED: {test}");
        }
        let Tests {
            passed,
            failed,
            skipped,
        } = tests;
        println!("tests: {passed} passed, {failed} failed, {skipped} skipped");
        if failed > 0 {
            return ExitCode::FAILURE;
        }
        self.exit_code()
    }

    fn exit_code(&self) -> ExitCode {
        if self.all_passed() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f32())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_command() {
        let mut steps = Steps::default();
        steps.run("good", || Ok(()));
        assert!(steps.all_passed());
        assert!(
            steps
                .run("bad", || Err::<(), _>(Error::Message("no".into())))
                .is_none()
        );
        steps.run("good again", || Ok(()));
        assert!(!steps.all_passed());
        assert!(steps.table().contains("FAILED  bad"));
    }

    #[test]
    fn a_failed_optional_step_passes_without_a_value() {
        let mut steps = Steps::default();
        let missing = || Err::<(), _>(Error::Message("not installed".into()));
        assert!(steps.run_optional("look for it", missing).is_none());
        assert_eq!(steps.run_optional("find it", || Ok(1)), Some(1));
        assert!(steps.all_passed());
    }
}
