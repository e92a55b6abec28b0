//! Why a test environment could not be set up.

use std::{io, path::PathBuf};

/// An error of a process, a file or a request that a test depends on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be used.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A system call failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Any other failure, described in one sentence.
    #[error("{0}")]
    Message(String),
}

impl Error {
    /// Returns an error that consists of this sentence.
    pub fn message(sentence: impl Into<String>) -> Self {
        Self::Message(sentence.into())
    }

    /// Returns a function for `map_err` that adds the path to an I/O error.
    pub fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }
}
