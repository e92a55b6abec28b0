//! Steps: what is being done, how long it took, and the table at the end.

mod failed_test;

pub(crate) use failed_test::FailedTest;

use std::{
    fmt::Write as _,
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::failure::Failure;

/// How many tests ran, by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tests {
    /// Did what they say.
    pub(crate) passed: u64,
    /// Did not.
    pub(crate) failed: u64,
    /// Were left out.
    pub(crate) skipped: u64,
}

impl std::ops::AddAssign for Tests {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

struct Done {
    name: String,
    took: Duration,
    passed: bool,
}

/// The steps taken so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
    left_out: Vec<String>,
    failed_tests: Vec<FailedTest>,
}

impl Steps {
    /// Takes one step: says what it does, does it, says how long it took.
    /// `None` when it failed; the sentence has been printed then.
    pub(crate) fn take<T>(
        &mut self,
        name: impl Into<String>,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Option<T> {
        let name = name.into();
        println!("── {name}");
        let begun = Instant::now();
        let outcome = work();
        let took = begun.elapsed();
        match &outcome {
            Ok(_) => println!("   {}", seconds(took)),
            Err(failure) => {
                eprintln!("   FAILED after {}: {failure}", seconds(took));
            }
        }
        self.done.push(Done {
            name,
            took,
            passed: outcome.is_ok(),
        });
        outcome.ok()
    }

    /// Says at once and at the end what could not be done here.
    pub(crate) fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("── LEFT OUT: {what}");
        self.left_out.push(what);
    }

    /// Says again at the end which tests failed, and why.
    pub(crate) fn failed_tests(&mut self, tests: Vec<FailedTest>) {
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

    /// Says how long everything took; fails when a step did.
    pub(crate) fn finish(&self) -> ExitCode {
        println!("── {} in all", seconds(self.total()));
        self.exit_code()
    }

    /// The table of the steps, and the count of tests as the last line.
    pub(crate) fn finish_counting(&self, tests: Tests) -> ExitCode {
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
    fn one_failed_step_fails_the_whole() {
        let mut steps = Steps::default();
        steps.take("good", || Ok(()));
        assert!(steps.all_passed());
        assert!(
            steps
                .take("bad", || Err::<(), _>(Failure::Because("no".into())))
                .is_none()
        );
        steps.take("good again", || Ok(()));
        assert!(!steps.all_passed());
        assert!(steps.table().contains("FAILED  bad"));
    }
}
