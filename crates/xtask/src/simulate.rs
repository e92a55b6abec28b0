//! The simulation of the refresh engine, with as many seeds as asked for.

use std::time::Instant;

use crate::{failure::Failure, program::Program, step::Steps, workspace::Workspace};

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seeds {
    /// All from 0 up to this one, and every mutation.
    Below(u64),
    /// This one alone, and its story told.
    One(u64),
}

/// Plays the seeds in an optimised build, and says how long that took.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, seeds: Seeds) {
    let built = steps.take("Build the simulation (release)", || {
        test(workspace, seeds).arg("--no-run").run()
    });
    if built.is_none() {
        return;
    }
    let name = match seeds {
        Seeds::Below(count) => format!("Play {count} seeds"),
        Seeds::One(seed) => format!("Play seed {seed}"),
    };
    steps.take(name, || play(workspace, seeds));
    if let Seeds::Below(_) = seeds {
        steps.take("Catch every mutation within 1000 seeds", || {
            with_output(test(workspace, seeds), "every_mutation_is_caught").run()
        });
    }
}

fn play(workspace: &Workspace, seeds: Seeds) -> Result<(), Failure> {
    let began = Instant::now();
    let fact = "no_schedule_of_faults_and_crashes_breaks_an_invariant";
    with_output(test(workspace, seeds), fact).run()?;
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

fn test(workspace: &Workspace, seeds: Seeds) -> Program {
    let (variable, value) = match seeds {
        Seeds::Below(count) => ("SIMULATION_SEEDS", count),
        Seeds::One(seed) => ("SIMULATION_SEED", seed),
    };
    Program::cargo()
        .within(workspace.root())
        .without(|name| name.starts_with("SIMULATION_"))
        .env(variable, value.to_string())
        .args(["test", "--quiet", "--release", "--package", "confidant-bff"])
        .args(["--test", "simulation"])
}

fn with_output(program: Program, fact: &str) -> Program {
    program.args([fact, "--", "--exact", "--nocapture"])
}
