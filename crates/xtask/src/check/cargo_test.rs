//! `cargo test`, counted.

use crate::{
    program::Program,
    step::{Steps, Tests},
    workspace::Workspace,
};

/// Runs the tests of the default members.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps) -> Tests {
    let mut tests = Tests::default();
    steps.take("Run the unit and in-process tests (cargo test)", || {
        Program::cargo()
            .within(workspace.root())
            .args(["test", "--no-fail-fast"])
            .each_line(|line| {
                println!("{line}");
                tests += count(line).unwrap_or_default();
            })
    });
    tests
}

/// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
fn count(line: &str) -> Option<Tests> {
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

    #[test]
    fn the_closing_line_of_each_test_binary_is_counted() {
        let line = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; \
                    0 filtered out; finished in 0.01s";
        assert_eq!(
            count(line),
            Some(Tests {
                passed: 12,
                failed: 1,
                skipped: 2
            })
        );
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(count("test a_name ... ok"), None);
        assert_eq!(count("test result: what?"), None);
    }
}
