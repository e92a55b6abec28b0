//! What can go wrong, each as one sentence for the person at the terminal.

use std::{io, path::PathBuf, process::ExitStatus};

/// Why a step did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A program could not be started.
    #[error("could not start `{program}` ({source}); is it installed and in PATH?")]
    Start {
        /// Its name.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program ran and said no.
    #[error("`{command}` failed: {status}")]
    Exit {
        /// The command line.
        command: String,
        /// Its exit status.
        status: ExitStatus,
    },
    /// A program took too long and was ended.
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
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Anything that one sentence explains best.
    #[error("{0}")]
    Because(String),
}

/// Names the file in an I/O error.
pub(crate) trait AtPath<T> {
    /// Adds `path` to the error.
    fn at(self, path: impl Into<PathBuf>) -> Result<T, Failure>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, path: impl Into<PathBuf>) -> Result<T, Failure> {
        self.map_err(|source| Failure::File {
            path: path.into(),
            source,
        })
    }
}
