//! Logging to standard error.

mod writer;

use crate::config::LogFormat;
use std::io::{self, IsTerminal};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

/// Starts logging at `info` and above, unless `RUST_LOG` says otherwise. At
/// `debug` and below, libraries may log secrets that we cannot redact.
///
/// Does nothing if this process has a logger already: the library may be
/// mounted in another application.
///
/// Dropping the returned guard writes the lines still queued.
pub fn init(format: LogFormat) -> WorkerGuard {
    let (writer, guard) = writer::spawn(io::stderr());
    let filter = EnvFilter::builder()
        .with_default_directive(tracing::Level::INFO.into())
        .from_env_lossy();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(writer)
        // Tasks may still log when the guard is gone; that is no error.
        .log_internal_errors(false);
    let installed = match format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
    // An error means that there is a logger already.
    drop(installed);
    guard
}
