//! Where things lie in the checkout.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// The checkout.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Looks for the workspace's root upwards from this crate (as cargo names it
    /// at run time, so that a moved checkout keeps working) or the current folder.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn find() -> Result<Self, Failure> {
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
                Failure::Because("no Cargo.lock here or above: run this in the checkout".into())
            })
    }

    /// The checkout's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> PathBuf {
        match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// What the server serves as static files; cargo-leptos's `site-root`.
    pub(crate) fn site(&self) -> PathBuf {
        self.target().join("site")
    }

    /// The browser's files; cargo-leptos's `site-pkg-dir`.
    pub(crate) fn package(&self) -> PathBuf {
        self.site().join("pkg")
    }

    /// The one stylesheet.
    pub(crate) fn stylesheet(&self) -> PathBuf {
        self.root.join("style").join("main.css")
    }

    /// The browser tests.
    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// What these commands keep for themselves: stamps and half-finished files.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target().join("xtask")
    }
}
