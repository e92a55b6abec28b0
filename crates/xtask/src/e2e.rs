//! The browser tests: Playwright drives Chromium and Firefox against the real
//! server.

mod report;

use std::{fs, path::PathBuf};

use report::Report;

use crate::{
    browser::{Chromium, find_or_install_chromium, find_or_install_firefox},
    bundle,
    error::{AtPath, Error},
    npm,
    profile::Profile,
    python, server,
    steps::{Steps, Tests},
    workspace::Workspace,
};

/// Builds everything and runs the tests. Returns `None` if that is not possible.
pub(crate) fn build_and_run(
    workspace: &Workspace,
    steps: &mut Steps,
    profile: Profile,
    arguments: &[String],
) -> Option<Tests> {
    server::build_with_bundles(workspace, steps, profile)?;
    run(workspace, steps, profile, arguments)
}

/// Runs the tests against what has been built before.
pub(crate) fn run(
    workspace: &Workspace,
    steps: &mut Steps,
    profile: Profile,
    arguments: &[String],
) -> Option<Tests> {
    npm::install(workspace, steps)?;
    python::install(workspace, steps)?;
    let chromium = steps.run("Find a Chromium", || {
        let chromium = find_or_install_chromium(workspace)?;
        if let Chromium::Installed(path) = &chromium {
            println!("   {}", path.display());
        }
        Ok(chromium)
    })?;
    let firefox = find_firefox(steps);
    steps.run("Check the types of the browser tests (tsc)", || {
        npm::local_program(workspace, "tsc").run()
    });
    let mut report = Report::default();
    steps.run("Run the browser tests (Playwright)", || {
        let browsers = (&chromium, firefox.as_ref());
        run_playwright(workspace, profile, browsers, arguments, &mut report)
    });
    steps.add_failed_tests(report.failed);
    Some(report.tests)
}

/// Finds Firefox. Without it the tests run in Chromium only, and the summary says
/// so.
fn find_firefox(steps: &mut Steps) -> Option<PathBuf> {
    let mut missing = None;
    let found = steps.run("Find a Firefox", || match find_or_install_firefox() {
        Ok(path) => {
            println!("   {}", path.display());
            Ok(Some(path))
        }
        Err(error) => {
            missing = Some(error);
            Ok(None)
        }
    });
    if let Some(error) = missing {
        steps.leave_out(format!("every browser test in Firefox: {error}"));
    }
    found.flatten()
}

fn run_playwright(
    workspace: &Workspace,
    profile: Profile,
    (chromium, firefox): (&Chromium, Option<&PathBuf>),
    arguments: &[String],
    report: &mut Report,
) -> Result<(), Error> {
    let output = workspace.target().join("e2e");
    fs::create_dir_all(&output).at(&output)?;
    let file = output.join("report.json");
    if file.exists() {
        fs::remove_file(&file).at(&file)?;
    }
    // The browser would also use a proxy from the environment for localhost.
    let mut playwright = npm::local_program(workspace, "playwright")
        .env_remove_if(|name| name.eq_ignore_ascii_case("http_proxy"))
        .arg("test")
        .args(arguments)
        .env("E2E_BINARY", server::binary(workspace, profile))
        .env("E2E_OUTPUT", &output)
        .env("E2E_PYTHON", python::interpreter(workspace))
        .env("LEPTOS_SITE_ROOT", bundle::site_folder(workspace))
        .env(
            "LEPTOS_HASH_FILES",
            (profile == Profile::Release).to_string(),
        );
    if let Chromium::Installed(path) = chromium {
        playwright = playwright.env("CHROMIUM", path);
    }
    if let Some(path) = firefox {
        playwright = playwright.env("FIREFOX", path);
    }
    let outcome = playwright.run();
    if let Ok(text) = fs::read_to_string(&file) {
        *report = Report::parse(&text);
    }
    outcome
}
