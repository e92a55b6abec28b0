//! The `confidant` command.

use clap::{Parser, Subcommand};
use server::config::{Config, Environment, summary::Summary};
use std::{path::PathBuf, process::ExitCode};

/// OAuth tokens kept out of the browser, and the proof.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong with a configuration; contacts nobody.
    Check {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

fn main() -> ExitCode {
    let environment = Environment::of_process();
    match Arguments::parse().command {
        Command::Check { config: file } => {
            // Nothing is served, so there is nobody to share a secret with.
            let config = Config::load(Some(&file), &environment, &|| {
                bff::settings::Secret::new("")
            });
            match config {
                Ok(config) => {
                    println!("{} is right.\n\n{}", file.display(), Summary(&config));
                    ExitCode::SUCCESS
                }
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                }
            }
        }
    }
}
