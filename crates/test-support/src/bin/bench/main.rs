//! What `cargo xtask bench` runs: every leg of one run, on free ports of the
//! loopback interface, bounded in count and in time.
//!
//! - [`storms`]: one expired token, many requests
//! - [`provider_faults`]: lost answers, a busy provider, late arrivals
//! - [`forwarding`]: requests a second, beside the upstream itself and other proxies
//! - [`session_lookups`]: a million stored sessions
//! - [`load`]: the load generator; [`nginx`]: what it is compared with
//! - [`report`]: the table and the JSON

mod forwarding;
mod load;
mod nginx;
mod options;
mod provider_faults;
mod report;
mod session_lookups;
mod storms;

use confidant_test_support::Error;
use options::Options;
use report::Report;
use std::{env, process::ExitCode};

/// How often each leg is measured. The median is reported, and the rest shown.
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() -> ExitCode {
    confidant_test_support::process::raise_file_limit();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let options = Options::read(env::args().skip(1))?;
    let mut report = Report::begin();
    if options.wants("forwarding") {
        forwarding::measure(&options, &mut report).await?;
    }
    if options.wants("storms") {
        storms::measure(&options, &mut report).await?;
    }
    if options.wants("faults") {
        provider_faults::measure(&options, &mut report).await?;
    }
    if options.wants("lookups") {
        session_lookups::measure(&options, &mut report)?;
    }
    report.finish(&options.output)
}
