//! The system account that the server runs as: Postgres refuses to run as root.

use crate::Error;
use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

/// Accounts to choose from: that of the Postgres package, and one that owns
/// nothing.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// An account other than the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// Returns the account that the server must run as, or `None` if it can run
    /// as the current one.
    pub(super) fn for_server() -> Result<Option<Self>, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").map_err(Error::at("/etc/passwd"))?;
        NAMES
            .iter()
            .find_map(|name| Self::named(name, &accounts))
            .map(Some)
            .ok_or_else(|| Error::message("Postgres needs an account other than root's"))
    }

    fn named(name: &str, accounts: &str) -> Option<Self> {
        let line = accounts
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut fields = line.split(':').skip(1);
        Some(Self {
            user: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    }

    /// Makes the account the owner of a folder.
    pub(super) fn take_ownership(&self, folder: &Path) -> Result<(), Error> {
        chown(folder, Some(self.user), Some(self.group)).map_err(Error::at(folder))
    }

    /// Makes a command run as the account.
    pub(super) fn apply_to(&self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}

/// Returns whether every account may enter a folder and all folders above it.
pub(super) fn is_open_to_all(folder: &Path) -> bool {
    folder
        .ancestors()
        // A folder that does not exist yet will be created with the default
        // permissions, which let every account enter.
        .filter_map(|folder| fs::metadata(folder).ok())
        .all(|found| found.permissions().mode() & 0o001 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\npostgresql:x:7:8::/:/bin/sh\n\
                        postgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";
        let found = Account {
            user: 101,
            group: 104,
        };
        assert_eq!(Account::named("postgres", accounts), Some(found));
        assert_eq!(Account::named("nobody", accounts), None);
    }
}
