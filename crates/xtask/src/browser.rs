//! A Chromium for the browser tests.

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
    if let Some(given) = env::var_os("CHROMIUM") {
        let path = PathBuf::from(given);
        if path.is_file() {
            return Ok(Browser::At(path));
        }
        return Err(Failure::Because(format!(
            "CHROMIUM names {}, which is no file",
            path.display()
        )));
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
