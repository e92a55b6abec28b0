//! The program `plain_proxy`: a baseline for forwarding, and an API that answers
//! at once.

use crate::options::Options;
use confidant_test_support::{Error, http::wait_until_ready, ports, process::Process};
use std::{net::SocketAddr, process::Command};

/// A running `plain_proxy`.
pub(crate) struct PlainProxy {
    pub(crate) address: SocketAddr,
    _process: Process,
}

impl PlainProxy {
    /// Starts the program. It answers requests itself without an upstream.
    pub(crate) async fn start(
        options: &Options,
        upstream: Option<SocketAddr>,
    ) -> Result<Self, Error> {
        let address = ports::free_address()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_plain_proxy"));
        command.arg(address.to_string());
        command.args(upstream.map(|upstream| upstream.to_string()));
        let log = options.scratch.join("plain-proxy.log");
        let mut process = Process::spawn_with_log(&mut command, &log)?;
        wait_until_ready(&mut process, address, "/").await?;
        Ok(Self {
            address,
            _process: process,
        })
    }
}
