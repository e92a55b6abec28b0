//! The simulation of the refresh engine, with a given number of seeds.

use std::time::Instant;

use crate::{error::Error, program::Program, steps::Steps, workspace::Workspace};

/// The seeds to simulate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seeds {
    /// All from 0 up to this one, and every mutation.
    Below(u64),
    /// Only this one, with a report of its events.
    One(u64),
}

/// Simulates the seeds in an optimised build, and prints how long that took.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, seeds: Seeds) {
    let built = steps.run("Build the simulation (release)", || {
        test(workspace, seeds).arg("--no-run").run()
    });
    if built.is_none() {
        return;
    }
    let name = match seeds {
        Seeds::Below(count) => format!("Simulate {count} seeds"),
        Seeds::One(seed) => format!("Simulate seed {seed}"),
    };
    steps.run(name, || simulate(workspace, seeds));
    if let Seeds::Below(_) = seeds {
        steps.run("Catch every mutation within 1000 seeds", || {
            only(test(workspace, seeds), "every_mutation_is_caught").run()
        });
    }
}

fn simulate(workspace: &Workspace, seeds: Seeds) -> Result<(), Error> {
    let began = Instant::now();
    let name = "no_schedule_of_faults_and_crashes_breaks_an_invariant";
    only(test(workspace, seeds), name).run()?;
    let seconds = began.elapsed().as_secs_f64();
    match seeds {
        Seeds::Below(count) => {
            let rate = count as f64 / seconds;
            println!("   {count} seeds in {seconds:.1} s ({rate:.0} a second), 0 violations");
        }
        Seeds::One(seed) => println!("   seed {seed}: no violation"),
    }
    Ok(())
}

/// Returns `cargo test` of the simulation. Environment variables pass the seeds.
fn test(workspace: &Workspace, seeds: Seeds) -> Program {
    let (variable, value) = match seeds {
        Seeds::Below(count) => ("SIMULATION_SEEDS", count),
        Seeds::One(seed) => ("SIMULATION_SEED", seed),
    };
    Program::cargo()
        .current_dir(workspace.root())
        .env_remove_if(|name| name.starts_with("SIMULATION_"))
        .env(variable, value.to_string())
        .args(["test", "--quiet", "--release", "--package", "confidant-bff"])
        .args(["--test", "simulation"])
}

/// Selects a single test and shows its output.
fn only(program: Program, name: &str) -> Program {
    program.args([name, "--", "--exact", "--nocapture"])
}
