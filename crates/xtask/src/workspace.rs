//! The files and folders of the checkout.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::error::Error;

/// The checkout.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the root of the workspace: the folder with a Cargo.lock at or above
    /// this crate's folder, or the current folder. Cargo names the crate's folder
    /// at run time, so the commands still work after the checkout was moved.
    ///
    /// # Errors
    /// If there is no such folder.
    pub(crate) fn find() -> Result<Self, Error> {
        let start = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .or_else(|| env::current_dir().ok())
            .unwrap_or_default();
        start
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .map(|root| Self {
                root: root.to_path_buf(),
            })
            .ok_or_else(|| {
                Error::Message("no Cargo.lock here or above: run this in the checkout".into())
            })
    }

    /// Returns the root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns cargo's target folder.
    pub(crate) fn target(&self) -> PathBuf {
        match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// Returns the folder of the browser tests.
    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// Returns the folder for the stamps and intermediate files of these commands.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target().join("xtask")
    }
}
