//! The browser tests: Playwright drives Chromium, and Firefox, against the real
//! binary.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::{
    browser::{self, Browser},
    failure::{AtPath, Failure},
    npm, server,
    step::{Steps, Tests},
    wasm::Profile,
    workspace::Workspace,
};

/// Builds everything and runs the tests; `None` when they could not be run.
pub(crate) fn build_and_run(
    workspace: &Workspace,
    steps: &mut Steps,
    profile: Profile,
    arguments: &[String],
) -> Option<Tests> {
    server::build_all(workspace, steps, profile)?;
    run(workspace, steps, profile, arguments)
}

/// Runs the tests against what was built before.
pub(crate) fn run(
    workspace: &Workspace,
    steps: &mut Steps,
    profile: Profile,
    arguments: &[String],
) -> Option<Tests> {
    npm::install(workspace, steps)?;
    let browser = steps.take("Find a Chromium", || {
        let browser = browser::find_or_get(workspace)?;
        if let Browser::At(path) = &browser {
            println!("   {}", path.display());
        }
        Ok(browser)
    })?;
    let firefox = find_firefox(steps);
    steps.take("Check the types of the browser tests (tsc)", || {
        npm::local_program(workspace, "tsc").run()
    });
    let mut tests = Tests::default();
    steps.take("Run the browser tests (Playwright)", || {
        let browsers = (&browser, firefox.as_ref());
        play(workspace, profile, browsers, arguments, &mut tests)
    });
    Some(tests)
}

/// Without one the tests go on in Chromium alone, and it is said that they did.
fn find_firefox(steps: &mut Steps) -> Option<PathBuf> {
    let mut missing = None;
    let found = steps.take("Find a Firefox", || match browser::firefox() {
        Ok(path) => {
            println!("   {}", path.display());
            Ok(Some(path))
        }
        Err(failure) => {
            missing = Some(failure);
            Ok(None)
        }
    });
    if let Some(failure) = missing {
        steps.leave_out(format!("every browser test in Firefox: {failure}"));
    }
    found.flatten()
}

fn play(
    workspace: &Workspace,
    profile: Profile,
    (chromium, firefox): (&Browser, Option<&PathBuf>),
    arguments: &[String],
    tests: &mut Tests,
) -> Result<(), Failure> {
    let output = workspace.target().join("e2e");
    fs::create_dir_all(&output).at(&output)?;
    let report = output.join("report.json");
    if report.exists() {
        fs::remove_file(&report).at(&report)?;
    }
    // A proxy meant for the world outside would be asked for localhost, too.
    let mut playwright = npm::local_program(workspace, "playwright")
        .without(|name| name.eq_ignore_ascii_case("http_proxy"))
        .arg("test")
        .args(arguments)
        .env("E2E_BINARY", server::binary(workspace, profile))
        .env("E2E_OUTPUT", &output)
        .env("LEPTOS_SITE_ROOT", workspace.site())
        .env(
            "LEPTOS_HASH_FILES",
            (profile == Profile::Release).to_string(),
        );
    if let Browser::At(path) = chromium {
        playwright = playwright.env("CHROMIUM", path);
    }
    if let Some(path) = firefox {
        playwright = playwright.env("FIREFOX", path);
    }
    let outcome = playwright.run();
    if let Ok(text) = fs::read_to_string(&report) {
        *tests = count(&text);
    }
    outcome
}

/// Reads Playwright's JSON report.
fn count(report: &str) -> Tests {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let figure = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
    Tests {
        passed: figure("expected"),
        failed: figure("unexpected") + figure("flaky"),
        skipped: figure("skipped"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaky_browser_test_counts_as_failed() {
        let report = r#"{"stats":{"expected":20,"unexpected":1,"flaky":2,"skipped":3}}"#;
        assert_eq!(
            count(report),
            Tests {
                passed: 20,
                failed: 3,
                skipped: 3
            }
        );
    }

    #[test]
    fn a_report_that_is_not_there_counts_nothing() {
        assert_eq!(count(""), Tests::default());
    }
}
