//! The state file: everything that survives a restart, as JSON.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Records;

const VERSION: u32 = 1;

/// Why the state file cannot be used.
#[derive(Debug, Error)]
pub enum StateFileError {
    /// It cannot be read or written.
    #[error("the provider's state file cannot be used: {0}")]
    Io(#[from] io::Error),
    /// It is not what this version writes.
    #[error("the provider's state file makes no sense: {0}")]
    Content(#[from] serde_json::Error),
    /// It was written by another version.
    #[error("the provider's state file has version {0}, not {VERSION}")]
    Version(u32),
}

/// What is in the file.
#[derive(Deserialize)]
pub(crate) struct Stored {
    version: u32,
    pub(crate) signing_key: String,
    pub(crate) form_key: String,
    pub(crate) records: Records,
}

#[derive(Serialize)]
struct Storing<'a> {
    version: u32,
    signing_key: &'a str,
    form_key: &'a str,
    records: &'a Records,
}

/// Reads the file; `None` if there is none yet.
pub(crate) fn load(path: &Path) -> Result<Option<Stored>, StateFileError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut stored: Stored = serde_json::from_slice(&text)?;
    if stored.version != VERSION {
        return Err(StateFileError::Version(stored.version));
    }
    stored.records.index();
    Ok(Some(stored))
}

/// Replaces the file in one step, so that a crash leaves the old or the new.
pub(crate) fn save(
    path: &Path,
    signing_key: &str,
    form_key: &str,
    records: &Records,
) -> Result<(), StateFileError> {
    let storing = Storing {
        version: VERSION,
        signing_key,
        form_key,
        records,
    };
    let text = serde_json::to_vec(&storing)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = Path::new(&name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(new)?.write_all(&text)?;
    fs::rename(new, path)?;
    Ok(())
}
