//! The browser tests: Playwright drives Chromium, and Firefox, against the real
//! binary.

mod report;

use std::{fs, path::PathBuf};

use report::Report;

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
    let mut report = Report::default();
    steps.take("Run the browser tests (Playwright)", || {
        let browsers = (&browser, firefox.as_ref());
        play(workspace, profile, browsers, arguments, &mut report)
    });
    steps.failed_tests(report.failed);
    Some(report.tests)
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
    report: &mut Report,
) -> Result<(), Failure> {
    let output = workspace.target().join("e2e");
    fs::create_dir_all(&output).at(&output)?;
    let file = output.join("report.json");
    if file.exists() {
        fs::remove_file(&file).at(&file)?;
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
    if let Ok(text) = fs::read_to_string(&file) {
        *report = Report::read(&text);
    }
    outcome
}
