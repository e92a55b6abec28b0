//! The Postgres programs that are installed on this machine.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Debian installs the programs in a folder for each version here, outside PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The programs that create and run a database cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    pub(super) initdb: PathBuf,
    pub(super) server: PathBuf,
}

impl Programs {
    /// Finds the programs in PATH, or else the newest that Debian has installed.
    pub fn find() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path)
            .chain(newest_first(Path::new(DEBIAN)))
            .find_map(|folder| Self::within(&folder))
    }

    /// Returns the path of the server program.
    pub fn server(&self) -> &Path {
        &self.server
    }

    fn within(folder: &Path) -> Option<Self> {
        let program = |name: &str| Some(folder.join(name)).filter(|file| file.is_file());
        Some(Self {
            initdb: program("initdb")?,
            server: program("postgres")?,
        })
    }
}

/// Returns the program folders of all versions. Compares versions as numbers:
/// 9 is older than 15.
fn newest_first(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name();
            let major = name.to_str()?.split('.').next()?.parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}
