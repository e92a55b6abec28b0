//! A Postgres for the tests and benchmarks: the installed one, or Debian's.

use std::fs;

use confidant_test_support::postgres::{Durability, Postgres, Programs, is_ci};

use crate::{
    debian,
    error::{AtPath, Error},
    steps::Steps,
    workspace::Workspace,
};

/// Starts a Postgres for the tests, which stops when it is dropped. Returns `None`
/// and prints the reason if that is not possible. In CI, where no test may be left
/// out, the step fails then.
pub(crate) fn start_for_tests(workspace: &Workspace, steps: &mut Steps) -> Option<Postgres> {
    let name = "Start a Postgres of our own";
    if is_ci() {
        return steps.run(name, || start(workspace));
    }
    steps.run_optional(name, || start(workspace))
}

fn start(workspace: &Workspace) -> Result<Postgres, Error> {
    let programs = find_or_install()?;
    println!("   {}", programs.server().display());
    let folder = workspace.scratch();
    fs::create_dir_all(&folder).at(&folder)?;
    Postgres::start(&programs, &folder, Durability::Relaxed)
        .map_err(|error| Error::Message(error.to_string()))
}

/// Finds the programs of Postgres, or installs Debian's.
///
/// # Errors
/// If they are not available.
pub(crate) fn find_or_install() -> Result<Programs, Error> {
    if let Some(programs) = Programs::find() {
        return Ok(programs);
    }
    debian::install(&["postgresql"])?;
    Programs::find().ok_or_else(|| Error::Message("initdb and postgres were not found".into()))
}
