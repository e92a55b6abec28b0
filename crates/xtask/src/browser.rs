//! A Chromium for the browser tests, and a Firefox for those of them that have
//! to pass there too.

use std::{env, path::PathBuf};

use crate::{debian, failure::Failure, npm, program::in_path, workspace::Workspace};

/// Names that a Chromium goes by.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Which browser Playwright is to start.
#[derive(Debug)]
pub(crate) enum Browser {
    /// One that is installed on this machine.
    At(PathBuf),
    /// The one that Playwright downloaded.
    Playwrights,
}

/// Finds one, or installs one: Playwright's own where the network allows it,
/// else the distribution's.
///
/// # Errors
/// When there is none to be had.
pub(crate) fn find_or_get(workspace: &Workspace) -> Result<Browser, Failure> {
    if let Some(path) = given("CHROMIUM")? {
        return Ok(Browser::At(path));
    }
    if let Some(path) = in_path(&NAMES) {
        return Ok(Browser::At(path));
    }
    println!("   no Chromium in PATH; trying Playwright's");
    let downloaded = npm::local_program(workspace, "playwright")
        .args(["install", "chromium"])
        .run();
    if downloaded.is_ok() {
        return Ok(Browser::Playwrights);
    }
    println!("   Playwright could not download one; trying Debian's");
    debian::install(&["chromium"])?;
    in_path(&NAMES)
        .map(Browser::At)
        .ok_or_else(|| Failure::Because("no Chromium to be found; set CHROMIUM".into()))
}

/// Finds a Firefox, or installs the distribution's. Playwright's own is none:
/// the stock browser is the one that people have.
///
/// # Errors
/// When there is none to be had.
pub(crate) fn firefox() -> Result<PathBuf, Failure> {
    const NAMES: [&str; 2] = ["firefox-esr", "firefox"];
    if let Some(path) = given("FIREFOX")? {
        return Ok(path);
    }
    if let Some(path) = in_path(&NAMES) {
        return Ok(path);
    }
    println!("   no Firefox in PATH; trying Debian's");
    debian::install(&["firefox-esr"])?;
    in_path(&NAMES).ok_or_else(|| Failure::Because("no Firefox to be found; set FIREFOX".into()))
}

/// The browser that an environment variable names.
fn given(variable: &str) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(None);
    };
    match path.is_file() {
        true => Ok(Some(path)),
        false => Err(Failure::Because(format!(
            "{variable} names {}, which is no file",
            path.display()
        ))),
    }
}
