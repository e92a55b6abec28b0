//! Where Postgres's programs are.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Where Debian keeps them, by version and out of PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The programs that a cluster is made and served with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    initdb: PathBuf,
    server: PathBuf,
}

impl Programs {
    /// Those in PATH, or the newest that Debian has installed.
    pub fn find() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path)
            .chain(newest_first(Path::new(DEBIAN)))
            .find_map(|folder| Self::within(&folder))
    }

    /// Where the server itself is.
    pub fn server(&self) -> &Path {
        &self.server
    }

    pub(super) fn initdb(&self) -> &Path {
        &self.initdb
    }

    fn within(folder: &Path) -> Option<Self> {
        let program = |name: &str| Some(folder.join(name)).filter(|file| file.is_file());
        Some(Self {
            initdb: program("initdb")?,
            server: program("postgres")?,
        })
    }
}

/// The folders of all versions, the newest first: by number, since 9 is older
/// than 15.
fn newest_first(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry
                .file_name()
                .to_str()?
                .split('.')
                .next()?
                .parse()
                .ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}
