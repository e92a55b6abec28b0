//! A million stored sessions: what it takes to find one. The program that
//! does it knows the store; it is an example of the library's.

use crate::{options::Options, report::Report};
use confidant_test_support::Error;
use serde_json::Value;
use std::{fs, process::Command};

pub(crate) fn measure(options: &Options, report: &mut Report) -> Result<(), Error> {
    let folder = tempfile::tempdir_in(options.scratch())?;
    let file = folder.path().join("million.db");
    let mut stores = vec![("SQLite", format!("sqlite:{}", file.display()))];
    let server = options.postgres()?;
    match &server {
        Some(server) => stores.push(("Postgres", server.url())),
        None => report.leave_out("Postgres, so look-ups with SQLite alone"),
    }
    for (name, url) in stores {
        let output = Command::new(&options.session_lookups).arg(&url).output()?;
        let told = String::from_utf8_lossy(&output.stdout);
        let figures: Value = serde_json::from_str(&told).map_err(|_| {
            let error = String::from_utf8_lossy(&output.stderr);
            Error::Because(format!("the look-ups failed: {told}{error}"))
        })?;
        report.row("Look-ups", name, figures);
    }
    fs::remove_dir_all(folder.path()).map_err(|source| Error::File {
        path: folder.path().to_owned(),
        source,
    })
}
