//! The project's commands: `cargo xtask run | build | test | simulate | bench | e2e`.
//!
//! Parts, in the order in which a build meets them: [`wasm`] gets the browser's
//! target and makes the bundle, [`site`] lays it out as cargo-leptos does,
//! [`server`] builds and starts the binary, [`check`] is the whole test suite,
//! [`e2e`] drives a browser.

mod bench;
mod browser;
mod check;
mod deadline;
mod debian;
mod e2e;
mod failure;
mod npm;
mod postgres;
mod program;
mod server;
mod simulate;
mod site;
mod stamp;
mod step;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use simulate::Seeds;
use step::Steps;
use wasm::Profile;
use workspace::Workspace;

/// The project's commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and start the application with its demo provider
    Run {
        /// Optimised server, optimised and hashed browser bundle
        #[arg(long)]
        release: bool,
    },
    /// Build the browser bundle and the server
    Build {
        /// Optimised server, optimised and hashed browser bundle
        #[arg(long)]
        release: bool,
    },
    /// Formatting, lints, unit tests, browser tests, bundle size
    Test,
    /// Play the refresh engine through faults, pauses and crashes
    Simulate {
        /// How many schedules, from seed 0 on
        #[arg(long, default_value_t = 10_000)]
        seeds: u64,
        /// This one alone, with what happens in it
        #[arg(long, conflicts_with = "seeds")]
        seed: Option<u64>,
    },
    /// Measure storms, provider faults, forwarding and look-ups; writes target/bench.json
    Bench {
        /// Some of: forwarding,storms,faults,lookups
        #[arg(long)]
        legs: Option<String>,
    },
    /// The browser tests alone
    E2e {
        /// Test the release build
        #[arg(long)]
        release: bool,
        /// Handed to Playwright, after `--`
        #[arg(last = true)]
        playwright: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let workspace = match Workspace::find() {
        Ok(workspace) => workspace,
        Err(failure) => {
            eprintln!("{failure}");
            return ExitCode::FAILURE;
        }
    };
    let mut steps = Steps::default();
    match arguments.command {
        Task::Run { release } => {
            let profile = Profile::released(release);
            if server::build_all(&workspace, &mut steps, profile).is_none() {
                return steps.finish();
            }
            server::run(&workspace, profile)
        }
        Task::Build { release } => {
            server::build_all(&workspace, &mut steps, Profile::released(release));
            steps.finish()
        }
        Task::Test => {
            let tests = check::everything(&workspace, &mut steps);
            steps.finish_counting(tests)
        }
        Task::Simulate { seeds, seed } => {
            let seeds = seed.map_or(Seeds::Below(seeds), Seeds::One);
            simulate::run(&workspace, &mut steps, seeds);
            steps.finish()
        }
        Task::Bench { legs } => {
            bench::run(&workspace, &mut steps, legs.as_deref());
            steps.finish()
        }
        Task::E2e {
            release,
            playwright,
        } => {
            let profile = Profile::released(release);
            let tests = e2e::build_and_run(&workspace, &mut steps, profile, &playwright);
            steps.finish_counting(tests.unwrap_or_default())
        }
    }
}
