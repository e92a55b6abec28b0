//! Real processes under trial: what the tests with processes and
//! `cargo xtask bench` have in common. Nothing of it is in the product.
//!
//! - [`postgres`]: a server of our own, on a free port, for as long as we live
//! - [`process`]: a program that is ended with its handle
//! - [`ports`]: addresses that are free
//! - [`deployment`]: a provider and several servers on one store
//! - [`http`]: requests to them
//! - [`user`]: somebody who signs in, without a browser
//! - [`demo`]: the demo provider's controls and counts
//! - [`storm`]: many requests at one moment

#[cfg(feature = "http")]
pub mod demo_provider;
#[cfg(feature = "http")]
pub mod deployment;
#[cfg(feature = "http")]
pub mod http;
pub mod ports;
pub mod postgres;
pub mod process;
#[cfg(feature = "http")]
pub mod storm;
#[cfg(feature = "http")]
pub mod test_user;

use std::{io, path::PathBuf};

/// Why a trial cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or a folder.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system said no.
    #[error(transparent)]
    System(#[from] io::Error),
    /// What one sentence explains best.
    #[error("{0}")]
    Because(String),
}

impl Error {
    pub(crate) fn because(sentence: impl Into<String>) -> Self {
        Self::Because(sentence.into())
    }

    pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }
}
