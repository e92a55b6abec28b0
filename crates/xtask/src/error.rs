//! The errors of these commands, each one sentence for the developer at the
//! terminal.

use std::{io, path::PathBuf, process::ExitStatus};

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A program could not be started.
    #[error("could not start `{program}` ({source}); is it installed and in PATH?")]
    Start {
        /// The name of the program.
        program: String,
        /// The cause.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("`{command}` failed: {status}")]
    Exit {
        /// The command line.
        command: String,
        /// The exit status.
        status: ExitStatus,
    },
    /// A program was killed because it took too long.
    #[error("`{command}` did not end within {seconds} s")]
    Timeout {
        /// The command line.
        command: String,
        /// The limit.
        seconds: u64,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Any other failure, described in one sentence.
    #[error("{0}")]
    Message(String),
}

/// Adds the path of a file to an I/O error.
pub(crate) trait AtPath<T> {
    /// Returns the error with `path`.
    fn at(self, path: impl Into<PathBuf>) -> Result<T, Error>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, path: impl Into<PathBuf>) -> Result<T, Error> {
        self.map_err(|source| Error::File {
            path: path.into(),
            source,
        })
    }
}
