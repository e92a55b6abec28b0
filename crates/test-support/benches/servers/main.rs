//! The benchmarks that `cargo xtask bench` runs: real processes on free ports of
//! the loopback interface, with a fixed number of requests or a fixed time each.
//!
//! - [`forwarding`]: requests per second, compared with the upstream itself and
//!   with other proxies
//! - [`storms`]: one expired token and many requests at the same moment
//! - [`provider_faults`]: lost responses, an unavailable provider, late requests
//! - [`session_lookups`]: a million stored sessions
//! - [`plain_proxy`], [`nginx`]: what forwarding is compared with
//! - [`report`]: the table on the terminal and the JSON file

mod forwarding;
mod nginx;
mod options;
mod plain_proxy;
mod provider_faults;
mod report;
mod session_lookups;
mod storms;

use confidant_test_support::{Error, process::raise_file_limit};
use options::Options;
use report::Report;
use std::{env, process::ExitCode};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    // Those that `cargo bench` and `cargo test --all-targets` add by themselves.
    if arguments.iter().all(|one| one == "--bench") {
        println!("nothing is measured without arguments: run `cargo xtask bench`");
        return ExitCode::SUCCESS;
    }
    raise_file_limit();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Vec<String>) -> Result<(), Error> {
    let options = Options::parse(arguments.into_iter())?;
    let mut report = Report::begin();
    if options.includes("forwarding") {
        forwarding::measure(&options, &mut report).await?;
    }
    if options.includes("storms") {
        storms::measure(&options, &mut report).await?;
    }
    if options.includes("faults") {
        provider_faults::measure(&options, &mut report).await?;
    }
    if options.includes("lookups") {
        session_lookups::measure(&options, &mut report)?;
    }
    report.write(&options.output)
}
