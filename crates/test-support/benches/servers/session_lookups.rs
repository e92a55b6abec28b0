//! Finding one of a million stored sessions. A benchmark of the library measures
//! it, because it needs the store.

use crate::{options::Options, report::Report};
use confidant_test_support::Error;
use serde_json::Value;
use std::{fs, process::Command};

pub(crate) fn measure(options: &Options, report: &mut Report) -> Result<(), Error> {
    let folder = tempfile::tempdir_in(&options.scratch)?;
    let file = folder.path().join("million.db");
    let mut stores = vec![("SQLite", format!("sqlite:{}", file.display()))];
    let server = options.start_postgres()?;
    match &server {
        Some(server) => stores.push(("Postgres", server.url())),
        None => report.leave_out("Postgres, so look-ups with SQLite alone"),
    }
    for (name, url) in stores {
        let output = Command::new(&options.session_lookups).arg(&url).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let figures: Value = serde_json::from_str(&text).map_err(|_| {
            let errors = String::from_utf8_lossy(&output.stderr);
            Error::message(format!("the look-ups failed: {text}{errors}"))
        })?;
        report.add_row("Look-ups", name, figures);
    }
    fs::remove_dir_all(folder.path()).map_err(Error::at(folder.path()))
}
