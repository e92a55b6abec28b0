//! The browsers for the browser tests: Chromium for all of them, and Firefox for
//! some.

use std::{env, path::PathBuf};

use crate::{debian, error::Error, npm, program::find_program, workspace::Workspace};

/// The names of Chromium's program.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The names of Firefox's program.
const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];

/// The Chromium that Playwright starts.
#[derive(Debug)]
pub(crate) enum Chromium {
    /// The one installed at this path.
    Installed(PathBuf),
    /// The one that Playwright has downloaded.
    Downloaded,
}

/// Finds a Chromium, or installs one: Playwright's if the network allows the
/// download, or else Debian's.
///
/// # Errors
/// If none is available.
pub(crate) fn find_or_install_chromium(workspace: &Workspace) -> Result<Chromium, Error> {
    if let Some(path) = from_variable("CHROMIUM")? {
        return Ok(Chromium::Installed(path));
    }
    if let Some(path) = find_program(&CHROMIUM) {
        return Ok(Chromium::Installed(path));
    }
    println!("   no Chromium in PATH; trying Playwright's");
    let downloaded = npm::local_program(workspace, "playwright")
        .args(["install", "chromium"])
        .run();
    if downloaded.is_ok() {
        return Ok(Chromium::Downloaded);
    }
    println!("   Playwright could not download one; trying Debian's");
    debian::install(&["chromium"])?;
    find_program(&CHROMIUM)
        .map(Chromium::Installed)
        .ok_or_else(|| Error::Message("no Chromium found; set CHROMIUM".into()))
}

/// Finds a Firefox, or installs Debian's. Does not use Playwright's, which is
/// patched: the tests run in the browser that users have.
///
/// # Errors
/// If none is available.
pub(crate) fn find_or_install_firefox() -> Result<PathBuf, Error> {
    if let Some(path) = from_variable("FIREFOX")? {
        return Ok(path);
    }
    if let Some(path) = find_program(&FIREFOX) {
        return Ok(path);
    }
    println!("   no Firefox in PATH; trying Debian's");
    debian::install(&["firefox-esr"])?;
    find_program(&FIREFOX).ok_or_else(|| Error::Message("no Firefox found; set FIREFOX".into()))
}

/// Returns the browser that an environment variable names.
fn from_variable(variable: &str) -> Result<Option<PathBuf>, Error> {
    let Some(path) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(None);
    };
    if path.is_file() {
        return Ok(Some(path));
    }
    Err(Error::Message(format!(
        "{variable} is {}, which is not a file",
        path.display()
    )))
}
