//! The benchmarks: builds them and what they measure, finds the programs to compare
//! with, and runs them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    debian, e2e,
    error::{AtPath, Error},
    postgres,
    profile::Profile,
    program::{Program, find_program},
    server,
    steps::Steps,
    workspace::Workspace,
};

/// The benchmark programs.
struct Programs {
    servers: PathBuf,
    session_lookups: PathBuf,
}

/// The name of the measurements in the browser.
const BROWSER: &str = "browser";

/// Runs all benchmarks, or those in the comma-separated list `only`.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, only: Option<&str>) {
    let names: Vec<_> = only.iter().flat_map(|only| only.split(',')).collect();
    if names != [BROWSER] {
        measure_servers(workspace, steps, only);
    }
    if names.is_empty() || names.contains(&BROWSER) {
        e2e::measure(workspace, steps, &output(workspace));
    }
}

fn output(workspace: &Workspace) -> PathBuf {
    workspace.target().join("bench.json")
}

fn measure_servers(workspace: &Workspace, steps: &mut Steps, only: Option<&str>) {
    if server::build(workspace, steps, Profile::Release).is_none() {
        return;
    }
    let built = steps.run("Build what it is measured with (release)", || {
        Ok(Programs {
            servers: build(workspace, "confidant-test-support", "servers")?,
            session_lookups: build(workspace, "confidant-bff", "session_lookups")?,
        })
    });
    let Some(programs) = built else {
        return;
    };
    let wrk = find_or_install(steps, "wrk", "wrk");
    let nginx = find_or_install(steps, "nginx", "nginx-light");
    steps.run_optional("Find a Postgres", postgres::find_or_install);
    steps.run("Measure", || {
        let competitors = [("--wrk", wrk), ("--nginx", nginx)];
        measure(workspace, &programs, competitors, only)
    });
}

fn measure(
    workspace: &Workspace,
    programs: &Programs,
    competitors: [(&str, Option<PathBuf>); 2],
    only: Option<&str>,
) -> Result<(), Error> {
    let scratch = workspace.scratch();
    fs::create_dir_all(&scratch).at(&scratch)?;
    let mut bench = Program::new(&programs.servers)
        .arg("--server")
        .arg(server::binary(workspace, Profile::Release))
        .arg("--session-lookups")
        .arg(&programs.session_lookups)
        .arg("--scratch")
        .arg(scratch)
        .arg("--output")
        .arg(output(workspace));
    for (name, program) in competitors {
        if let Some(program) = program {
            bench = bench.arg(name).arg(program);
        }
    }
    if let Some(only) = only {
        bench = bench.args(["--only", only]);
    }
    bench.run()
}

/// Builds a benchmark and returns the path of its program, whose name ends in a
/// hash.
fn build(workspace: &Workspace, package: &str, bench: &str) -> Result<PathBuf, Error> {
    let mut program = None;
    Program::cargo()
        .current_dir(workspace.root())
        .args(["bench", "--no-run", "--package", package, "--bench", bench])
        .arg("--message-format=json-render-diagnostics")
        .for_each_line(|line| program = executable(line, bench).or(program.take()))?;
    program.ok_or_else(|| Error::Message(format!("cargo has not built the benchmark {bench}")))
}

/// Returns the path of the program if a line of cargo's JSON says that this
/// benchmark has been built.
fn executable(line: &str, bench: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message["reason"] != "compiler-artifact" || message["target"]["name"] != bench {
        return None;
    }
    message["executable"].as_str().map(PathBuf::from)
}

/// Finds a program that the benchmarks can do without, or installs Debian's.
fn find_or_install(steps: &mut Steps, name: &str, package: &str) -> Option<PathBuf> {
    // Only root's PATH contains the folder in which Debian installs servers.
    let in_sbin = Path::new("/usr/sbin").join(name);
    let find = || find_program(&[name, &in_sbin.to_string_lossy()]);
    steps.run_optional(format!("Find {name}"), || {
        if let Some(found) = find() {
            return Ok(found);
        }
        debian::install(&[package])?;
        find().ok_or_else(|| Error::Message(format!("{package} has no program {name}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_benchmark_is_read_from_cargos_messages() {
        let line = r#"{"reason":"compiler-artifact","target":{"name":"servers"},"executable":"/t/servers-1"}"#;
        assert_eq!(executable(line, "servers"), Some("/t/servers-1".into()));
        assert_eq!(executable(line, "other"), None);
        let library =
            r#"{"reason":"compiler-artifact","target":{"name":"servers"},"executable":null}"#;
        assert_eq!(executable(library, "servers"), None);
        assert_eq!(executable("not JSON", "servers"), None);
    }
}
