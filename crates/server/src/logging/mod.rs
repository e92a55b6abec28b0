//! Logging to standard error.

mod writer;

use crate::config::LogFormat;
use std::{
    io::{self, IsTerminal, Write},
    sync::OnceLock,
};
use tracing_appender::non_blocking::{ErrorCounter, WorkerGuard};
use tracing_subscriber::{EnvFilter, fmt::writer::MakeWriterExt as _};

/// The target of the lines that each request writes.
pub(crate) const ACCESS_TARGET: &str = "access";

static ACCESS_LINES: OnceLock<ErrorCounter> = OnceLock::new();

/// Writes the lines still queued when it is dropped.
#[derive(Debug)]
pub struct LogGuard {
    _access: WorkerGuard,
    _others: WorkerGuard,
}

/// Starts logging at `info` and above, unless `RUST_LOG` says otherwise. At
/// `debug` and below, libraries may log secrets that we cannot redact.
///
/// Does nothing if this process has a logger already: the library may be
/// mounted in another application.
///
/// Dropping the returned guard writes the lines still queued.
pub fn init(format: LogFormat) -> LogGuard {
    let (access, access_guard) = writer::spawn(WholeWrites, true);
    let (others, guard) = writer::spawn(WholeWrites, false);
    // A second logger would count for nothing.
    let _ = ACCESS_LINES.set(access.error_counter());
    let writer = access
        .with_filter(|metadata| metadata.target() == ACCESS_TARGET)
        .or_else(others);
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
    LogGuard {
        _access: access_guard,
        _others: guard,
    }
}

/// The number of access lines that were dropped because the output did not keep
/// up.
pub fn dropped_lines() -> u64 {
    let dropped = ACCESS_LINES.get().map_or(0, ErrorCounter::dropped_lines);
    u64::try_from(dropped).unwrap_or(u64::MAX)
}

/// Standard error. Two threads write to it, and a write that the output takes in
/// parts is not interrupted by the other one.
struct WholeWrites;

impl Write for WholeWrites {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(lines)?;
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
