//! The browser tests: Playwright drives Chromium and Firefox against the real
//! server.

mod report;

use std::{
    fs,
    path::{Path, PathBuf},
};

use report::Report;

use crate::{
    browser::{Chromium, find_or_install_chromium, find_or_install_firefox},
    bundle,
    error::{AtPath, Error},
    npm,
    profile::Profile,
    program::Program,
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
    let chromium = find_chromium(workspace, steps)?;
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

/// Runs the measurements in Chromium against the release build, and adds their rows
/// to the file `output`.
pub(crate) fn measure(workspace: &Workspace, steps: &mut Steps, output: &Path) -> Option<()> {
    server::build_with_bundles(workspace, steps, Profile::Release)?;
    npm::install(workspace, steps)?;
    let chromium = find_chromium(workspace, steps)?;
    steps.run("Measure in Chromium (Playwright)", || {
        let folder = workspace.target().join("e2e");
        fs::create_dir_all(&folder).at(&folder)?;
        playwright(workspace, Profile::Release, &chromium)
            .args(["--config", "bench.config.ts"])
            .env("BENCH_OUTPUT", output)
            .run()
    })
}

fn find_chromium(workspace: &Workspace, steps: &mut Steps) -> Option<Chromium> {
    steps.run("Find a Chromium", || {
        let chromium = find_or_install_chromium(workspace)?;
        if let Chromium::Installed(path) = &chromium {
            println!("   {}", path.display());
        }
        Ok(chromium)
    })
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
    let mut playwright = playwright(workspace, profile, chromium)
        .args(arguments)
        .env("E2E_PYTHON", python::interpreter(workspace));
    if let Some(path) = firefox {
        playwright = playwright.env("FIREFOX", path);
    }
    let outcome = playwright.run();
    if let Ok(text) = fs::read_to_string(&file) {
        *report = Report::parse(&text);
    }
    outcome
}

/// Returns `playwright test` for this build and this browser.
fn playwright(workspace: &Workspace, profile: Profile, chromium: &Chromium) -> Program {
    // The browser would also use a proxy from the environment for localhost.
    let program = npm::local_program(workspace, "playwright")
        .env_remove_if(|name| name.eq_ignore_ascii_case("http_proxy"))
        .arg("test")
        .env("E2E_BINARY", server::binary(workspace, profile))
        .env("E2E_OUTPUT", workspace.target().join("e2e"))
        .env("LEPTOS_SITE_ROOT", bundle::site_folder(workspace))
        .env(
            "LEPTOS_HASH_FILES",
            (profile == Profile::Release).to_string(),
        );
    match chromium {
        Chromium::Installed(path) => program.env("CHROMIUM", path),
        Chromium::Downloaded => program,
    }
}
