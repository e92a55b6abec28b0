//! A Postgres for the tests and for measuring: the machine's own programs, or
//! Debian's.

use std::{env, fs};

use confidant_test_support::postgres::{Durability, Postgres, Programs};

use crate::{
    debian,
    failure::{AtPath, Failure},
    step::Steps,
    workspace::Workspace,
};

/// Names the server to the tests: databases may be made and dropped there.
pub(crate) const VARIABLE: &str = "CONFIDANT_TEST_POSTGRES";

/// Starts one that is stopped when it is dropped. `None` where there is none
/// to be had: the sentence has been printed, and what needs it is left out.
/// Where everything has to be tried (CI), that is a failure.
pub(crate) fn start(
    workspace: &Workspace,
    steps: &mut Steps,
    durability: Durability,
) -> Option<Postgres> {
    let name = "Start a Postgres of our own";
    if is_ci() {
        return steps.take(name, || try_start(workspace, durability));
    }
    steps
        .take(name, || {
            Ok(try_start(workspace, durability)
                .inspect_err(|failure| println!("   none to be had: {failure}"))
                .ok())
        })
        .flatten()
}

fn try_start(workspace: &Workspace, durability: Durability) -> Result<Postgres, Failure> {
    let programs = find_or_get()?;
    println!("   {}", programs.server().display());
    let folder = workspace.scratch();
    fs::create_dir_all(&folder).at(&folder)?;
    Postgres::start(&programs, &folder, durability)
        .map_err(|error| Failure::Because(error.to_string()))
}

/// The machine's own programs, or Debian's, installed now.
///
/// # Errors
/// When there are none to be had.
pub(crate) fn find_or_get() -> Result<Programs, Failure> {
    if let Some(programs) = Programs::find() {
        return Ok(programs);
    }
    debian::install(&["postgresql"])?;
    Programs::find().ok_or_else(|| Failure::Because("no initdb to be found".into()))
}

/// Whether this is a run that must leave nothing out.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
