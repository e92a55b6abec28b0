//! Log lines, on standard error.
//!
//! - [`lines`]: how they get there

pub mod lines;

use crate::config::LogFormat;
use lines::Writing;
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;

/// Begins to log: from `info` on, unless `RUST_LOG` says otherwise. What
/// libraries write at `debug` and below is theirs to keep clean of secrets.
///
/// # Errors
/// When there can be no thread for it.
pub fn init(format: LogFormat) -> io::Result<Writing> {
    let (out, writing) = lines::begin(io::stderr())?;
    let filter = EnvFilter::builder()
        .with_default_directive(tracing::Level::INFO.into())
        .from_env_lossy();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(out);
    let installed = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // Somebody who mounts the library logs already.
    drop(installed);
    Ok(writing)
}
