//! The state file: everything that survives a restart, as JSON.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    codes::Codes,
    consents::Consents,
    families::Families,
    sessions::{Session, Sessions},
    store::Records,
};
use crate::{digest::Digest, family::Family};

const VERSION: u32 = 1;

/// The state file cannot be used.
#[derive(Debug, Error)]
pub enum StateFileError {
    /// The file cannot be read or written.
    #[error("the provider's state file cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// The content is not what this version of the provider writes.
    #[error("the provider's state file is invalid: {0}")]
    Content(#[from] serde_json::Error),
    /// Another version of the provider wrote the file.
    #[error("the provider's state file has version {0}, not {VERSION}")]
    Version(u32),
}

/// The secrets in the state file.
pub(crate) struct StoredKeys {
    pub(crate) signing_key: String,
    pub(crate) derivation_key: String,
}

/// A state file and the keys that belong into it.
pub(crate) struct StateFile {
    pub(crate) path: PathBuf,
    pub(crate) keys: StoredKeys,
}

#[derive(Deserialize)]
struct StoredState {
    version: u32,
    signing_key: String,
    form_key: String,
    records: StoredRecords,
}

#[derive(Deserialize)]
struct StoredRecords {
    codes: Codes,
    sessions: HashMap<Digest, Session>,
    consents: Consents,
    families: BTreeMap<u64, Family>,
    last_family: u64,
    #[serde(default)]
    last_session: u64,
}

#[derive(Serialize)]
struct StateToStore<'a> {
    version: u32,
    signing_key: &'a str,
    form_key: &'a str,
    records: RecordsToStore<'a>,
}

#[derive(Serialize)]
struct RecordsToStore<'a> {
    codes: &'a Codes,
    sessions: &'a HashMap<Digest, Session>,
    consents: &'a Consents,
    families: &'a BTreeMap<u64, Family>,
    last_family: u64,
    last_session: u64,
}

/// Reads a state file. Returns `None` if it does not exist.
pub(crate) fn load(path: &Path) -> Result<Option<(StoredKeys, Records)>, StateFileError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let stored: StoredState = serde_json::from_slice(&text)?;
    if stored.version != VERSION {
        return Err(StateFileError::Version(stored.version));
    }
    let keys = StoredKeys {
        signing_key: stored.signing_key,
        derivation_key: stored.form_key,
    };
    Ok(Some((keys, stored.records.into())))
}

impl From<StoredRecords> for Records {
    fn from(stored: StoredRecords) -> Self {
        let sessions = Sessions {
            by_digest: stored.sessions,
            last_number: stored.last_session,
        };
        let families = Families::from_stored(stored.families, stored.last_family);
        Self::new(stored.codes, sessions, stored.consents, families)
    }
}

impl StateFile {
    /// Replaces the file atomically: a crash leaves the old or the new file.
    pub(crate) fn save(&self, records: &Records) -> Result<(), StateFileError> {
        let state = StateToStore {
            version: VERSION,
            signing_key: &self.keys.signing_key,
            form_key: &self.keys.derivation_key,
            records: RecordsToStore {
                codes: &records.codes,
                sessions: &records.sessions.by_digest,
                consents: &records.consents,
                families: &records.families.by_number,
                last_family: records.families.last_number,
                last_session: records.sessions.last_number,
            },
        };
        let text = serde_json::to_vec(&state)?;
        let mut name = self.path.as_os_str().to_owned();
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
        fs::rename(new, &self.path)?;
        Ok(())
    }
}
