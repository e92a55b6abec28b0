#![doc = include_str!("../README.md")]

mod bench;
mod browser;
mod bundle;
mod check;
mod debian;
mod directory;
mod e2e;
mod error;
mod example;
mod matrix;
mod npm;
mod postgres;
mod profile;
mod program;
mod python;
mod server;
mod simulate;
mod site;
mod stamp;
mod steps;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use profile::Profile;
use simulate::Seeds;
use steps::Steps;
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
    /// Build the library's Leptos example with its browser bundle, and start it
    Example,
    /// Formatting, lints, documentation, unit tests, browser tests, bundle size
    Test,
    /// Simulate the refresh engine with faults, pauses and crashes
    Simulate {
        /// The number of schedules, from seed 0 on
        #[arg(long, default_value_t = 10_000)]
        seeds: u64,
        /// Only this seed, with a report of its events
        #[arg(long, conflicts_with = "seeds")]
        seed: Option<u64>,
    },
    /// Measure storms, provider faults, forwarding, look-ups and the pages in Chromium;
    /// writes target/bench.json
    Bench {
        /// Some of: forwarding,storms,faults,lookups,browser
        #[arg(long, alias = "legs")]
        only: Option<String>,
    },
    /// Carry out the attacks of RFC 10017 on every client kind; writes target/rfc10017.json
    Matrix,
    /// The browser tests alone
    E2e {
        /// Test the release build
        #[arg(long)]
        release: bool,
        /// Arguments for Playwright, after `--`
        #[arg(last = true)]
        playwright: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let workspace = match Workspace::find() {
        Ok(workspace) => workspace,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut steps = Steps::default();
    match arguments.command {
        Task::Run { release } => {
            let profile = Profile::from_release_flag(release);
            if server::build_with_bundles(&workspace, &mut steps, profile).is_none() {
                return steps.finish();
            }
            server::run(&workspace, profile)
        }
        Task::Build { release } => {
            let profile = Profile::from_release_flag(release);
            server::build_with_bundles(&workspace, &mut steps, profile);
            steps.finish()
        }
        Task::Example => example::build_and_run(&workspace, &mut steps),
        Task::Test => {
            let tests = check::run_all(&workspace, &mut steps);
            steps.finish_with_summary(tests)
        }
        Task::Simulate { seeds, seed } => {
            let seeds = seed.map_or(Seeds::Below(seeds), Seeds::One);
            simulate::run(&workspace, &mut steps, seeds);
            steps.finish()
        }
        Task::Bench { only } => {
            bench::run(&workspace, &mut steps, only.as_deref());
            steps.finish()
        }
        Task::Matrix => {
            let tests = matrix::run(&workspace, &mut steps);
            steps.finish_with_summary(tests.unwrap_or_default())
        }
        Task::E2e {
            release,
            playwright,
        } => {
            let profile = Profile::from_release_flag(release);
            let tests = e2e::build_and_run(&workspace, &mut steps, profile, &playwright);
            steps.finish_with_summary(tests.unwrap_or_default())
        }
    }
}
