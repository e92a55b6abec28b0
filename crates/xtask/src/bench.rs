//! Measuring: builds what is measured, gets what it is compared with, and
//! hands over to the program that does it.

use std::{fs, path::PathBuf};

use crate::{
    debian,
    failure::{AtPath, Failure},
    postgres,
    program::{Program, in_path},
    server,
    step::Steps,
    wasm::Profile,
    workspace::Workspace,
};

/// Runs these legs, or all of them.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, legs: Option<&str>) {
    if server::build(workspace, steps, Profile::Release).is_none() {
        return;
    }
    let built = steps.take("Build what it is measured with (release)", || {
        cargo(
            workspace,
            &["--package", "confidant-test-support", "--bins"],
        )?;
        cargo(
            workspace,
            &["--package", "confidant-bff", "--example", "session_lookups"],
        )
    });
    if built.is_none() {
        return;
    }
    let wrk = tool(steps, "wrk", "wrk");
    let nginx = tool(steps, "nginx", "nginx-light");
    steps.take("Find a Postgres", || {
        let found = postgres::find_or_get();
        Ok(found
            .inspect_err(|failure| println!("   none to be had: {failure}"))
            .ok())
    });
    steps.take("Measure", || measure(workspace, wrk, nginx, legs));
}

fn measure(
    workspace: &Workspace,
    wrk: Option<PathBuf>,
    nginx: Option<PathBuf>,
    legs: Option<&str>,
) -> Result<(), Failure> {
    let scratch = workspace.scratch();
    fs::create_dir_all(&scratch).at(&scratch)?;
    let folder = workspace.target().join(Profile::Release.folder());
    let mut bench = Program::new(folder.join("bench"))
        .arg("--server")
        .arg(server::binary(workspace, Profile::Release))
        .arg("--plain-proxy")
        .arg(folder.join("plain_proxy"))
        .arg("--session-lookups")
        .arg(folder.join("examples").join("session_lookups"))
        .arg("--scratch")
        .arg(scratch)
        .arg("--output")
        .arg(workspace.target().join("bench.json"));
    for (name, program) in [("--wrk", wrk), ("--nginx", nginx)] {
        if let Some(program) = program {
            bench = bench.arg(name).arg(program);
        }
    }
    if let Some(legs) = legs {
        bench = bench.args(["--legs", legs]);
    }
    bench.run()
}

fn cargo(workspace: &Workspace, what: &[&str]) -> Result<(), Failure> {
    Program::cargo()
        .within(workspace.root())
        .args(["build", "--release"])
        .args(what)
        .run()
}

/// A program that measuring does not depend on: found, or installed.
fn tool(steps: &mut Steps, name: &str, package: &str) -> Option<PathBuf> {
    // Debian keeps servers out of the PATH of those who are not root.
    let find = || {
        in_path(&[name])
            .or_else(|| Some(PathBuf::from("/usr/sbin").join(name)).filter(|file| file.is_file()))
    };
    steps
        .take(format!("Find {name}"), || {
            if let Some(found) = find() {
                return Ok(Some(found));
            }
            let installed = debian::install(&[package]);
            Ok(installed
                .inspect_err(|failure| println!("   none to be had: {failure}"))
                .ok()
                .and_then(|()| find()))
        })
        .flatten()
}
